import type { Decode } from '../../lib/session/encoded.js';

/**
 * What a decoder says of a frame, always as a list. One that reads bytes has to say the same, of the text and of its bytes.
 * Each is made anew.
 */
export const bothWays = <M>(
  frame: string,
  receivedAt: number,
  textDecoder: () => Decode<M>,
  bytesDecoder: () => Decode<M>,
  asSaid: (message: M) => M,
): readonly M[] => {
  const said = (messages: M | readonly M[] | undefined): readonly M[] => [messages ?? []].flat().map(asSaid as never);
  const ofText = said(textDecoder()(frame, receivedAt));
  const expected = withoutFunctions(ofText);
  expect(withoutFunctions(said(bytesDecoder()(frame, receivedAt)))).toStrictEqual(expected);
  const bytes = Buffer.from(frame);
  // What no UTF-8 can write is another text as bytes.
  if (bytes.toString() === frame) {
    expect(withoutFunctions(said(bytesDecoder().ofBytes?.(bytes, receivedAt)))).toStrictEqual(expected);
  }
  return ofText;
};

/** What control messages do is in functions of their own; that there is one has to be the same. */
const withoutFunctions = (value: unknown): unknown => {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map(withoutFunctions);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutFunctions(member)]));
};
