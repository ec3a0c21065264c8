// What a page would load, bundled under the conditions of a browser: no Node, and the socket of the engine.
import { filter, firstValueFrom, take, timeout, toArray } from 'rxjs';
import { calendars, ofKind, quotes, shareFeed, toKlines, trades } from 'rxtape';
import { binance } from 'rxtape/binance';
import { itick } from 'rxtape/itick';
import { tickflow } from 'rxtape/tickflow';

const some = (source$) => firstValueFrom(source$.pipe(take(2), toArray(), timeout(60_000)));

/** Watches the three vendors of a simulator; rejects when what comes is not what was asked for. */
export const watch = async (url) => {
  const desk = shareFeed((topics) => itick({ url, token: 'demo', market: 'stock', topics }));
  const feed$ = desk.watch([...trades('AAPL.US'), ...quotes('AAPL.US')]);
  const [bars, own, others, crypto] = await Promise.all([
    some(
      feed$.pipe(
        toKlines('1s', { calendar: calendars.always }),
        filter(({ closed }) => closed),
      ),
    ),
    some(feed$.pipe(ofKind('quote'))),
    some(tickflow({ url, apiKey: 'demo', topics: quotes('600000.SH') }).pipe(ofKind('quote'))),
    some(binance({ url, topics: trades('BTCUSDT.BA') }).pipe(ofKind('trade'))),
  ]);
  if (![...bars, ...own].every(({ symbol }) => symbol === 'AAPL.US')) throw new Error('another symbol');
  if (others[1].provider !== 'tickflow' || crypto[1].provider !== 'binance') throw new Error('another vendor');
};
