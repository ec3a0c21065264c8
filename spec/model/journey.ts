/** A value as another thread or tab gets it, and as a process behind a pipe does. */
const journeys: readonly (readonly [way: string, travel: (value: unknown) => unknown])[] = [
  ['structured clone', (value) => structuredClone(value)],
  ['JSON', (value) => JSON.parse(JSON.stringify(value)) as unknown],
];

/** What of a value is no plain data, by its path: an instance of a class loses it on the way. */
const strangers = (value: unknown, path = ''): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return [path];
  return Object.entries(value).flatMap(([key, part]) => strangers(part, `${path}.${key}`));
};

/** Expects that a value is plain data and arrives with all its fields, by either way. */
export const expectToTravel = (value: unknown): void => {
  expect(strangers(value)).toEqual([]);
  for (const [way, travel] of journeys) expect([way, travel(value)]).toEqual([way, value]);
};
