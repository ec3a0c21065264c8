import { FeedInUse } from '../model/errors.js';

/** Live feeds by endpoint and credential: the one thing that factories share in a process. */
const live = new Map<string, number>();

const change = (key: string, by: 1 | -1): void => {
  const count = (live.get(key) ?? 0) + by;
  if (count > 0) live.set(key, count);
  else live.delete(key);
};

/** One of the connections that a plan allows. */
export interface ConnectionSlot {
  /** Takes the slot for a credential, which may differ from the one before; throws `FeedInUse` when none is free. */
  readonly take: (credential: string) => void;
  /** Frees the slot. */
  readonly release: () => void;
}

/** A slot of an endpoint that allows so many `connections` for each credential. */
export const connectionSlot = (endpoint: string, connections: number): ConnectionSlot => {
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
