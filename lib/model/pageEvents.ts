/** What a page says when it is put to rest: left, kept for the way back, or frozen with all its timers. */
export const REST = ['freeze', 'pagehide'] as const;
/** What it says when it is back. */
export const RETURN = ['resume', 'pageshow'] as const;

/** Whether there is a page; a worker and a server have none. */
export const hasPage = (): boolean => typeof document !== 'undefined';

/** Listens to events of the page and returns what ends it. They are captured, as `freeze` and `resume` are events of the document. */
export const onPage = (events: readonly string[], listener: () => void): (() => void) => {
  events.forEach((event) => window.addEventListener(event, listener, { capture: true }));
  return () => events.forEach((event) => window.removeEventListener(event, listener, { capture: true }));
};
