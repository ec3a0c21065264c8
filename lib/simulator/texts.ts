/** The text with a credential blotted out. */
export const withoutSecret = (text: string, secret: string): string =>
  secret === '' ? text : text.replaceAll(secret, '***');

/** A JSON object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON object in a text; `undefined` for any other text. */
export const parsed = (text: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
};
