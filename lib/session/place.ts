import { FeedInUse } from '../model/errors.js';

/** Live feeds by endpoint and credential: the one thing that factories share in a process. */
const live = new Map<string, number>();

const change = (key: string, by: 1 | -1): void => {
  const count = (live.get(key) ?? 0) + by;
  if (count > 0) live.set(key, count);
  else live.delete(key);
};

/** A feed's place among the connections that a plan allows. */
export interface Place {
  /** Takes the place for a credential, which may differ from the one before; throws `FeedInUse` when none is free. */
  readonly take: (credential: string) => void;
  /** Gives the place back. */
  readonly release: () => void;
}

/** One place on an endpoint that allows so many `connections` for each credential. */
export const placeOn = (endpoint: string, connections: number): Place => {
  let held: string | undefined;
  const release = (): void => {
    if (held !== undefined) change(held, -1);
    held = undefined;
  };
  return {
    take: (credential) => {
      const key = `${endpoint} ${credential}`;
      if (key === held) return;
      if ((live.get(key) ?? 0) >= connections) throw new FeedInUse(endpoint, connections);
      release();
      change(key, 1);
      held = key;
    },
    release,
  };
};
