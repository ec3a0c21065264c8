/** An `AbortSignal`, spelled out for programs whose types know no DOM. */
interface Signal {
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The part of the Web Locks that is used here; `navigator.locks` fits. */
export interface TabLocks {
  request(name: string, options: { signal?: Signal }, held: () => Promise<void> | undefined): Promise<unknown>;
}

/** The part of a `BroadcastChannel` that is used here. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

/** What tabs need of the platform; for specs, others may be given. */
export interface TabTools {
  /**
   * Elects the leader, and tells it who has gone.
   *
   * @defaultValue `navigator.locks`
   */
  readonly locks?: TabLocks | undefined;
  /**
   * Opens the channel on which the tabs talk.
   *
   * @defaultValue a `BroadcastChannel`
   */
  readonly openChannel?: ((name: string) => TabChannel) | undefined;
}

/** What the platform has; throws `CannotShare` where it lacks something. Nothing is looked at before. */
export const toolsOf = ({ locks = platformLocks(), openChannel = openBroadcastChannel }: TabTools) => ({
  locks,
  openChannel,
});

const platformLocks = (): TabLocks => {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: TabLocks } };
  if (navigator?.locks) return navigator.locks;
  throw new CannotShare('there are no Web Locks here');
};

const openBroadcastChannel = (name: string): TabChannel => {
  if (typeof BroadcastChannel === 'undefined') throw new CannotShare('there is no BroadcastChannel here');
  return new BroadcastChannel(name);
};

/** A tab cannot take part; it has to make do with a feed of its own. Never leaves `shareAcrossTabs`. */
export class CannotShare extends Error {}
