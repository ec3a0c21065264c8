const utf8 = new TextEncoder();

/** Whether a text takes more bytes than this on the wire. Counts them only when it is close: a character has 1 to 3. */
export const isLonger = (text: string, bytes: number): boolean =>
  text.length > bytes || (text.length * 3 > bytes && utf8.encode(text).length > bytes);
