import { Observable, type Observer, type OperatorFunction } from 'rxjs';
import { checkDuration } from '../model/check.js';
import { isMarketEvent } from '../model/feedEvent.js';
import { bySymbol } from './bySymbol.js';
import { DAY, idleLooks } from './idleLooks.js';
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
  return (events$) =>
    new Observable((subscriber) => {
      const runs = bySymbol<Instance<A, B>>();
      const links = linkMemory<A>();
      let running = 0;
      let ended = false;

      const onEnd = (): void => {
        running -= 1;
        if (ended && running === 0) subscriber.complete();
      };

      const start = (symbol: string): Instance<A, B> => {
        running += 1;
        const run = new Instance(operator, subscriber, onEnd, symbol);
        runs.add(symbol, run);
        looks.begin();
        run.start();
        for (const event of links.of(symbol)) run.feed(event);
        return run;
      };

      const looks = idleLooks(idle, subscriber, (isIdle) => {
        for (const run of runs.values()) {
          if (!isIdle(run.fedAt)) continue;
          runs.forget(run.symbol);
          run.finish();
          run.unsubscribe();
        }
        return runs.size() > 0;
      });

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
          run.fedAt = looks.count();
          run.feed(symbol === run.symbol ? event : { ...event, symbol: run.symbol });
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          ended = true;
          looks.end();
          for (const run of [...runs.values()]) run.finish();
          if (running === 0) subscriber.complete();
        },
      };
      listen(events$, observer, subscriber);
    });
};
