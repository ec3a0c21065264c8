// Bars, a book and quotes of one shared socket, and a quote of each other vendor. The first word is where the simulator is.
import { argv, exit } from 'node:process';
import { filter, firstValueFrom, take, timeout, toArray } from 'rxjs';
import { calendars, depths, ofKind, orderBook, quotes, shareFeed, toKlines, trades } from 'rxtape';
import { binance } from 'rxtape/binance';
import { itick } from 'rxtape/itick';
import { tickflow } from 'rxtape/tickflow';

const url = argv[2];
const some = (source$) => firstValueFrom(source$.pipe(take(2), toArray(), timeout(60_000)));

let sockets = 0;
const desk = shareFeed((topics) => {
  sockets += 1;
  return itick({ url, token: 'demo', market: 'stock', topics });
});
const feed$ = desk.watch([...trades('AAPL.US'), ...depths('AAPL.US'), ...quotes('AAPL.US')]);

const [bars, books, own, others, crypto] = await Promise.all([
  some(
    feed$.pipe(
      toKlines('1s', { calendar: calendars.always }),
      filter(({ closed }) => closed),
    ),
  ),
  some(
    feed$.pipe(
      orderBook(),
      filter(({ bids }) => bids.length > 0),
    ),
  ),
  some(feed$.pipe(ofKind('quote'))),
  some(tickflow({ url, apiKey: 'demo', topics: quotes('600000.SH') }).pipe(ofKind('quote'))),
  some(binance({ url, topics: trades('BTCUSDT.BA') }).pipe(ofKind('trade'))),
]);
if (sockets !== 1) throw new Error(`the shared feed was opened ${sockets} times`);
if (![...bars, ...books, ...own].every(({ symbol }) => symbol === 'AAPL.US')) throw new Error('another symbol');
if (!bars.every(({ low, close, high }) => low <= close && close <= high)) throw new Error('no such bar');
if (others[1].provider !== 'tickflow' || crypto[1].provider !== 'binance') throw new Error('another vendor');
exit(0);
