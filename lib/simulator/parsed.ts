/** A JSON object of unknown content. */
export type Json = Readonly<Record<string, unknown>>;

/** The JSON object in a text, or `undefined` when there is none. */
export const parsed = (text: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
};
