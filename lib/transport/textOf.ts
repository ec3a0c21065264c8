const utf8 = new TextDecoder();

/** A byte order mark; the decoder takes it from binary frames by itself. */
const MARK = 0xfeff;

/**
 * The text of a frame, without a byte order mark. A binary one is read as UTF-8: both vendors send JSON in either type
 * of frame.
 */
export const textOf = (data: unknown): string => {
  if (typeof data === 'string') return data.charCodeAt(0) === MARK ? data.slice(1) : data;
  // A Buffer of Node has a faster way than the decoder.
  if (data instanceof Uint8Array && 'utf8Slice' in data) return textOf(String(data));
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return utf8.decode(data);
  return String(data);
};
