/**
 * Keeps tasks in order when one causes another, as when a consumer makes the feed emit inside its own `next`. A task
 * that comes while another runs waits, so that all watchers receive the first event before any receives the second.
 */
export const inOrder = () => {
  let waiting: (() => void)[] = [];
  let at = 0;
  let busy = false;

  /** No `shift`: a feed that says all it has within its subscription has thousands wait, which would all move each time. */
  const first = (): (() => void) | undefined => {
    if (waiting.length === 0) return undefined;
    const task = waiting[at++];
    if (at < waiting.length / 2) return task;
    waiting = waiting.slice(at);
    at = 0;
    return task;
  };

  /** Does the task at once, even inside another; what comes meanwhile waits. */
  const interject = <A, B>(task: (subject: A) => B, subject: A): B => {
    if (busy) return task(subject);
    busy = true;
    try {
      const result = task(subject);
      for (let next = first(); next; next = first()) next();
      return result;
    } finally {
      busy = false;
    }
  };

  /** Does the task when those before it are through. Task and subject come apart to save a closure per event. */
  const enter = <A>(task: (subject: A) => void, subject: A): void => {
    if (busy) waiting.push(() => task(subject));
    else interject(task, subject);
  };

  return { enter, interject };
};
