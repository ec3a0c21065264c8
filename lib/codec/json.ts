/** What some writers of UTF-8 put before a text. */
const MARK = 0xfeff;

/** Whether a value is an object and not an array, as a parsed JSON object is. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a text frame; throws where it is not JSON. A byte order mark before it is skipped. */
export const parseFrame = (frame: string): unknown =>
  JSON.parse(frame.charCodeAt(0) === MARK ? frame.slice(1) : frame) as unknown;

/** The fields of a request of ours in a recording; none where the frame is not a JSON object. */
export const requestIn = (frame: string): Readonly<Record<string, unknown>> => {
  try {
    const request = parseFrame(frame);
    return isRecord(request) ? request : {};
  } catch {
    return {};
  }
};
