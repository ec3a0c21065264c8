/**
 * The same value, with no member called `__proto__` at any depth.
 *
 * `JSON.parse` makes such a member an ordinary one, but io-ts copies records by assignment, which would make it the
 * prototype of the copy, and so let a frame pass off what it does not hold. A loop, since frames can nest deeper than
 * the stack.
 */
export const disarm = (value: unknown): unknown => {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) Reflect.deleteProperty(next, '__proto__');
    for (const member of Object.values(next)) open.push(member);
  }
  return value;
};
