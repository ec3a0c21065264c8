const utf8 = new TextDecoder();

/** The text of a frame. A binary one is read as UTF-8: both vendors speak JSON, whatever the frame's type says. */
export const textOf = (data: unknown): string => {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return utf8.decode(data);
  return String(data);
};
