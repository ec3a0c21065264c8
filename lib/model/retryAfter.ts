const SECONDS = /^[+-]?\d+(?:\.\d+)?(?:e\+?\d+)?$/i;

/**
 * Milliseconds to wait by a `Retry-After` header: seconds or an HTTP date (RFC 9110 10.2.3), all of whose forms are in GMT.
 * Of several headers the longest wait counts. Undefined if unreadable; a wait beyond all numbers is the largest of them.
 */
export const retryAfter = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? '';
  const parts = text.split(',').map((part) => part.trim());
  const wait = parts.every((part) => SECONDS.test(part)) ? Math.max(...parts.map(Number)) * 1000 : dateOf(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Number.MAX_VALUE, Math.max(0, wait));
};

/** `Date.parse` reads a date in almost any text, and one without a zone as local time. */
const dateOf = (text: string): number =>
  /\d:\d\d/.test(text) ? Date.parse(/(?:GMT|UTC|Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text} GMT`) : NaN;

const NAMED =
  /(?:retry|again|wait|请)[ _-]*(?:after|in|for|在|等待)?[ _-]*(ms)?["': =]*(\d{1,24}(?:\.\d{1,9})?) *(m(?:s|illi|in|\b)|毫秒|分|h|小时)?/i;
const MINUTE = 60_000;

/** Milliseconds that a text asks to wait, as `retry in 30 s` or `请 3000 ms 后重试`; without a unit they are seconds. */
export const waitIn = (text: string): number | undefined => {
  const [, before, number, unit = before ?? ''] = NAMED.exec(text) ?? [];
  if (number === undefined) return undefined;
  const per = /^m(?:s|illi)|毫/i.test(unit) ? 1 : /^[m分]/i.test(unit) ? MINUTE : unit ? 60 * MINUTE : 1_000;
  return Number(number) * per;
};
