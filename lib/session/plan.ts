import { differing, emptyMap, type KeyMap } from '../model/keyMap.js';
import { noKeys, type KeySet } from '../model/keySet.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { Command, CommandRules, Ledger } from './ledger.js';
import { nothingWanted, type WantedState } from './wanted.js';

/**
 * The command to send next, if any: topics that are no longer wanted, or that the feed found the vendor not to have, go first and
 * wait for nothing; one subscribe is in flight at a time, so that a refusal is known to be about it.
 */
export type NextCommand = (ledger: Ledger, wanted: WantedState) => Command | undefined;

/**
 * Plans the commands of one session. What is still to be asked follows from the ledger and from what is wanted; it is
 * remembered, so that a command costs what has changed since the one before, and no look at all topics.
 */
export const planOf = ({ batches, inFlight = 1 }: CommandRules): NextCommand => {
  let asked: KeyMap<Topic> = emptyMap();
  let refused: KeySet = noKeys;
  let { byKey } = nothingWanted;
  const unwanted = backlog(batches);
  const fresh = backlog(batches);

  const review = (key: string): void => {
    const topic = byKey.get(key);
    const known = asked.get(key);
    const isWanted = topic !== undefined && !refused.has(key);
    // What the feed itself refused is asked for still, and takes room there.
    unwanted.set(key, isWanted ? undefined : known);
    fresh.set(key, isWanted && known === undefined ? topic : undefined);
  };
  const catchUp = (ledger: Ledger, wanted: WantedState): void => {
    const before = byKey;
    const changed: Iterable<string>[] = [differing(asked, ledger.asked), differing(refused.map, wanted.refused.map)];
    ({ asked } = ledger);
    ({ byKey, refused } = wanted);
    if (before !== byKey) {
      unwanted.regroup();
      fresh.regroup();
      changed.push(before.keys(), byKey.keys());
    }
    for (const keys of changed) for (const key of keys) review(key);
  };

  return (ledger, wanted) => {
    catchUp(ledger, wanted);
    const gone = unwanted.first(() => false);
    if (gone) return { op: 'unsubscribe', topics: gone };
    const flying = ledger.pending.filter(({ op }) => op === 'subscribe');
    if (ledger.stale.length > 0 || flying.length >= inFlight) return undefined;

    const inTheAir = new Set(flying.flatMap(({ topics }) => topics.map(topicKey)));
    const isOpen = (topic: Topic): boolean => {
      const key = topicKey(topic);
      return byKey.has(key) && !refused.has(key) && !inTheAir.has(key);
    };
    for (const topics of ledger.toRetry) {
      const [suspect] = batches(topics.filter(isOpen));
      if (suspect) return { op: 'subscribe', topics: suspect, again: true };
    }
    const topics = fresh.first((key) => inTheAir.has(key));
    return topics && { op: 'subscribe', topics };
  };
};

/** Topics that are to go into commands, in the groups that were made of them. */
const backlog = (batches: CommandRules['batches']) => {
  const open = new Map<string, Topic>();
  /** What was done meanwhile is in them still, and what came later is in none. */
  let groups: readonly (readonly Topic[])[] = [];
  let at = 0;

  return {
    set: (key: string, topic: Topic | undefined): void => {
      if (topic) open.set(key, topic);
      else open.delete(key);
    },
    /** Makes new groups: in the order of the new list, and in as few commands as it takes. */
    regroup: (): void => {
      groups = [];
    },
    /** The first of the groups that has something to do, without what is not to be asked now. */
    first: (isLeftOut: (key: string) => boolean): readonly Topic[] | undefined => {
      const next = (): readonly Topic[] | undefined => {
        for (; at < groups.length; at++) {
          const topics = (groups[at] ?? []).flatMap((topic) => {
            const key = topicKey(topic);
            return isLeftOut(key) ? [] : (open.get(key) ?? []);
          });
          if (topics.length > 0) return topics;
        }
        return undefined;
      };
      const found = next();
      if (found || open.size === 0) return found;
      groups = batches([...open.values()]);
      at = 0;
      return next();
    },
  };
};
