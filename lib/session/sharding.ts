import { BehaviorSubject, Observable, Subscription } from 'rxjs';
import { checkWhole } from '../model/check.js';
import { canonicalSymbol } from '../model/symbol.js';
import { isSameList, type Topic } from '../model/topic.js';
import { checkFunction } from './FeedOptions.js';

/** How topics are spread over several sockets. */
export interface ShardingOptions {
  /** How many products a socket takes. */
  readonly most: number;
  /** How many sockets there are at most. */
  readonly sockets: number;
  /**
   * What the vendor counts.
   *
   * @defaultValue the symbol
   */
  readonly product?: ((topic: Topic) => string) | undefined;
}

/**
 * Spreads the topics of a feed over links of its own, each with its number from 0. Made by `sharding`, for the `shards` of
 * `feedOf`.
 */
export type Sharding = <E extends { readonly kind: string }>(
  topics$: Observable<readonly Topic[]>,
  open: (topics$: Observable<readonly Topic[]>, index: number) => Observable<E>,
) => Observable<E>;

/** One socket. */
interface Shard {
  readonly topics$: BehaviorSubject<readonly Topic[]>;
  readonly work: Subscription;
  /** Whether the last that its link said is that it is lost. */
  isDown: boolean;
}

/**
 * Spreads topics over as many sockets as they need, up to `sockets`. Each is a link of its own, so that what is lost with one
 * is a hole of its own symbols only; the feed is named `name` in the events of the first, `name#2` in those of the second,
 * and so on.
 *
 * A product stays where it is for as long as it is wanted. A new one goes to the first open socket with room, else to a new
 * socket; what finds no room is asked of the last, so that the vendor refuses it. A socket without products is closed, if
 * need be once its link is back and has said its hole; the first stays. What ends one link for good ends the feed. Throws
 * `InvalidOption`.
 *
 * @example
 * feedOf({ ...settings, shards: sharding({ most: 500, sockets: 4 }) }, attempt)
 */
export const sharding = (options: ShardingOptions): Sharding => {
  const { most, sockets, product = ({ symbol }: Topic) => canonicalSymbol(symbol) } = options;
  checkWhole('shards.most', most, 'products');
  checkWhole('shards.sockets', sockets, 'sockets');
  checkFunction('shards.product', product);
  return (topics$, open) =>
    new Observable((subscriber) => {
      const shards: (Shard | undefined)[] = [];
      /** By product the number of its socket. */
      const places = new Map<string, number>();
      const work = new Subscription();
      let next: readonly Topic[] | undefined;
      let isBusy = false;

      const placeOf = (counts: readonly number[]): number => {
        const hasRoom = (_: unknown, i: number): boolean => (counts[i] ?? 0) < most;
        const known = shards.findIndex((shard, i) => shard !== undefined && hasRoom(shard, i));
        if (known >= 0) return known;
        const free = Array.from({ length: sockets }).findIndex(hasRoom);
        return free >= 0 ? free : sockets - 1;
      };
      const spread = (topics: readonly Topic[]): readonly (readonly Topic[])[] => {
        const products = new Set(topics.map(product));
        for (const name of [...places.keys()]) if (!products.has(name)) places.delete(name);
        const counts: number[] = [];
        const add = (place: number): void => {
          counts[place] = (counts[place] ?? 0) + 1;
        };
        places.forEach(add);
        for (const name of products) {
          if (places.has(name)) continue;
          const place = placeOf(counts);
          places.set(name, place);
          add(place);
        }
        const lists: Topic[][] = Array.from({ length: Math.max(shards.length, counts.length) }, () => []);
        for (const topic of topics) lists[places.get(product(topic)) ?? 0]?.push(topic);
        return lists;
      };
      const start = (topics: readonly Topic[], i: number): void => {
        const shard: Shard = { topics$: new BehaviorSubject(topics), work: new Subscription(), isDown: false };
        shards[i] = shard;
        work.add(shard.work);
        shard.work.add(
          open(shard.topics$, i).subscribe({
            next: (event) => {
              if (event.kind === 'disconnected') shard.isDown = true;
              if (event.kind === 'connected') shard.isDown = false;
              subscriber.next(event);
              if (event.kind === 'connected') closeIfEmpty(i);
            },
            error: (error: unknown) => {
              // Their slots are free by the time the error is heard.
              work.unsubscribe();
              subscriber.error(error);
            },
          }),
        );
      };
      const closeIfEmpty = (i: number): void => {
        const shard = shards[i];
        if (i === 0 || !shard || shard.isDown || shard.topics$.value.length > 0) return;
        shards[i] = undefined;
        shard.work.unsubscribe();
      };
      const assign = (topics: readonly Topic[]): void =>
        spread(topics).forEach((list, i) => {
          const shard = shards[i];
          if (!shard) {
            if (list.length > 0) start(list, i);
          } else if (!isSameList(list, shard.topics$.value)) {
            shard.topics$.next(list);
            closeIfEmpty(i);
          }
        });
      // A subscriber may change the topics while it hears of a change.
      const change = (topics: readonly Topic[]): void => {
        next = topics;
        if (isBusy) return;
        isBusy = true;
        while (next !== undefined && !subscriber.closed) {
          const list: readonly Topic[] = next;
          next = undefined;
          assign(list);
        }
        isBusy = false;
      };
      work.add(topics$.subscribe({ next: change, error: (error: unknown) => subscriber.error(error) }));
      return work;
    });
};
