/** What some writers of UTF-8 put before a text. */
const MARK = 0xfeff;

/** Whether a value is an object and not an array, as a parsed JSON object is. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a text; undefined, which no JSON means, where it is not JSON. A byte order mark before it is skipped. */
export const valueIn = (text: string): unknown => {
  try {
    return JSON.parse(text.charCodeAt(0) === MARK ? text.slice(1) : text);
  } catch {
    return undefined;
  }
};

/** The fields of a request of ours in a recording; none where the frame is not a JSON object. */
export const requestIn = (frame: string): Readonly<Record<string, unknown>> => {
  const request = valueIn(frame);
  return isRecord(request) ? request : {};
};
