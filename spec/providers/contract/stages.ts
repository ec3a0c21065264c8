import type { HistoryFetch } from '../../../lib/history/HistoryFetch.js';
import type { ContractStage, ContractVendor } from '../../../lib/testing/contract/stage.js';
import type { VendorControl } from '../../../lib/simulator/index.js';
import { topicKey, type Topic } from '../../../lib/model/topic.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';

/** What the feeds of a stage go over. */
export interface Line {
  readonly openSocket: OpenSocket;
  readonly fetch?: HistoryFetch;
  readonly url?: string;
  readonly restUrl?: string;
}

/** A stage with a server behind it. */
export interface Stage extends ContractStage {
  readonly close: () => Promise<void>;
}

/** Counts the sockets that are asked for, as a server does not see those it refuses. */
export const countingSockets = (open: OpenSocket): { readonly opened: number; readonly openSocket: OpenSocket } => {
  let opened = 0;
  return {
    get opened() {
      return opened;
    },
    openSocket: (url, options) => {
      opened += 1;
      return open(url, options);
    },
  };
};

/** A vendor of the simulator as the contract sees it; `read` says which topics a command asks for or withdraws. */
export const simulatedVendor = (
  control: VendorControl,
  sockets: { readonly opened: number },
  read: (text: string, op: 'subscribe' | 'unsubscribe') => readonly Topic[],
): ContractVendor => {
  const keys = (op: 'subscribe' | 'unsubscribe'): readonly string[] =>
    control.commands.flatMap((text) => read(text, op)).map(topicKey);
  return {
    get attempts() {
      return sockets.opened;
    },
    get live() {
      return control.live;
    },
    live$: control.live$,
    get asked() {
      return keys('subscribe');
    },
    get unsubscribed() {
      return keys('unsubscribe');
    },
    drop: () => control.drop(),
    close: () => control.close(),
    say: (frame) => control.say(frame),
  };
};
