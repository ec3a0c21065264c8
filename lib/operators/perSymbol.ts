import { Observable, timer, type Observer, type OperatorFunction, type Subscription } from 'rxjs';
import { checkDuration } from '../model/check.js';
import { isMarketEvent } from '../model/feedEvent.js';
import { bySymbol } from './bySymbol.js';
import { Instance } from './instance.js';
import { linkMemory } from './linkMemory.js';
import { listen } from './listen.js';

/** When `perSymbol` forgets a symbol. */
export interface PerSymbolOptions {
  /**
   * Milliseconds without an event of its own after which a symbol is forgotten, at most a sixteenth of it (and 1 ms at
   * least) later.
   *
   * @defaultValue `86_400_000`, a day
   */
  readonly idle?: number | undefined;
}

const DAY = 86_400_000;
/** Reading the time for each event would double its cost, so a timer looks this many times in each `idle`. */
const LOOKS = 16;

/**
 * Runs an operator of its own for each symbol, however it is spelled, and merges what comes out, in order.
 *
 * Values without a symbol, such as link events, go to every running instance. An instance that begins later first gets
 * the last `connected` or `disconnected` of each feed, and the `subscribed` of its own topics, as old as they are. Events
 * of a symbol come in the spelling that came first. A symbol without an event for `idle` ms completes and is
 * forgotten. The result completes when the source and all instances have, and fails with the first of them. Throws
 * `InvalidOption` for an `idle` that is no time.
 *
 *     source            -a-b-a-d----e----|   d disconnected, e the first of its symbol
 *     perSymbol(count)  -1-1-2-(32)-(12)-|
 *
 * @example
 * feed$.pipe(ofKind('trade'), perSymbol(pairwise()))
 */
export const perSymbol = <A extends object, B>(
  operator: OperatorFunction<A, B>,
  { idle = DAY }: PerSymbolOptions = {},
): OperatorFunction<A, B> => {
  checkDuration('idle', idle);
  const pause = Math.max(1, idle / LOOKS);
  const looksAllowed = Math.ceil(idle / pause);
  return (events$) =>
    new Observable((subscriber) => {
      const runs = bySymbol<Instance<A, B>>();
      const links = linkMemory<A>();
      let running = 0;
      let ended = false;
      let look = 0;
      let clock: Subscription | undefined;

      const onEnd = (): void => {
        running -= 1;
        if (ended && running === 0) subscriber.complete();
      };

      const start = (symbol: string): Instance<A, B> => {
        running += 1;
        const run = new Instance(operator, subscriber, onEnd, symbol);
        runs.add(symbol, run);
        clock ??= timer(0, pause).subscribe(forgetIdle);
        run.start();
        for (const event of links.of(symbol)) run.feed(event);
        return run;
      };

      const forgetIdle = (): void => {
        look += 1;
        for (const run of runs.values()) {
          if (look - run.fedAt <= looksAllowed) continue;
          runs.forget(run.symbol);
          run.finish();
          run.unsubscribe();
        }
        if (runs.size() > 0) return;
        clock?.unsubscribe();
        clock = undefined;
      };

      const observer: Observer<A> = {
        next: (event) => {
          const { symbol } = event as { readonly symbol?: unknown };
          if (typeof symbol !== 'string') {
            // A market event of no instrument concerns none.
            if (isMarketEvent(event as { readonly kind: string })) return;
            links.remember(event);
            for (const run of [...runs.values()]) run.feed(event);
            return;
          }
          const run = runs.find(symbol) ?? start(symbol);
          run.fedAt = look;
          run.feed(symbol === run.symbol ? event : { ...event, symbol: run.symbol });
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          ended = true;
          clock?.unsubscribe();
          for (const run of [...runs.values()]) run.finish();
          if (running === 0) subscriber.complete();
        },
      };
      subscriber.add(() => clock?.unsubscribe());
      listen(events$, observer, subscriber);
    });
};
