const isError = (value: unknown): value is Error => value instanceof Error;

/**
 * Equality for errors by class name, message and facts; test runners compare errors by message only.
 *
 * @example
 * expect.addEqualityTesters([sameError])
 */
export function sameError(
  this: { readonly equals: (a: unknown, b: unknown) => boolean } | undefined,
  a: unknown,
  b: unknown,
): boolean | undefined {
  if (!isError(a) || !isError(b)) return isError(a) === isError(b) ? undefined : false;
  const facts = (error: Error): unknown => ({
    ...Object.fromEntries(Object.entries(error)),
    name: error.name,
    message: error.message,
  });
  return this?.equals(facts(a), facts(b)) ?? JSON.stringify(facts(a)) === JSON.stringify(facts(b));
}
