import { map, of } from 'rxjs';
import { calendarOf, calendars } from '../../../lib/model/calendar/calendars.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const at = (iso: string): number => Date.parse(iso);
const hk = withHolidays(calendars.hk, { halfDays: { '2026-12-24': '12:00' } });
const calendar = (symbol: string, feed: string) => (symbol.endsWith('.HK') ? hk : calendarOf(symbol, feed));
const asked = jest.fn(calendar);

/** In Hong Kong after the early close, in Shanghai in the afternoon. */
const time = at('2026-12-24T14:30+08:00');
const symbols = ['700.HK', '5.HK', '600000.SH'];
const opens = [at('2026-12-24T11:30+08:00'), at('2026-12-24T11:30+08:00'), at('2026-12-24T14:00+08:00')];
const places = symbols.map((symbol, index) => [symbol, opens[index]]);

/** Sunday evening in New York: Globex trades, the stock exchange does not. */
const evening = at('2026-03-08T19:00-04:00');

describe('the calendar of a symbol of a feed', () => {
  it.each([
    ['itick:future', '2026-03-08T18:00-04:00', '2026-03-08T19:00-04:00'],
    ['itick:stock', '2026-03-06T00:00-05:00', '2026-03-06T15:30-05:00'],
  ])('places the bars of trades, quotes and bars: %s', (feed, day, hour) => {
    marbles(({ expectObservable }) => {
      const event = { provider: 'itick', feed, symbol: 'NQ.US', time: evening, receivedAt: evening };
      const opens = map(({ openTime }: { readonly openTime: number }) => openTime);
      const [d, h] = [day, hour].map((iso) => at(iso));
      expectObservable(of(aTrade(event)).pipe(toKlines('1d', { forming: 'each' }), opens)).toBe('(d|)', { d });
      expectObservable(of(aQuote(event)).pipe(toKlines('1h', { forming: 'each' }), opens)).toBe('(h|)', { h });
      const minute = aKline({ ...event, openTime: evening, closeTime: evening + 60_000 });
      expectObservable(of(minute).pipe(resampleKlines('1h'), opens)).toBe('(h|)', { h });
    })();
  });
});

describe('a calendar for each symbol', () => {
  beforeEach(() => asked.mockClear());

  it(
    'places the bars of trades, and is asked once',
    marbles(({ expectObservable, flush }) => {
      const trades = [...symbols, ...symbols].map((symbol) => aTrade({ symbol, time, receivedAt: time }));
      const bars = of(...trades).pipe(
        toKlines('1h', { calendar: asked, forming: 'each' }),
        map(({ symbol, openTime }) => [symbol, openTime]),
      );
      const [k, l, m] = places;
      expectObservable(bars).toBe('(klmklm|)', { k, l, m });
      flush();
      expect(asked.mock.calls).toEqual(symbols.map((symbol) => [symbol, 'test']));
    }),
  );

  it(
    'places the bars of smaller bars',
    marbles(({ expectObservable }) => {
      const minutes = symbols.map((symbol) => aKline({ symbol, openTime: time, closeTime: time + 60_000 }));
      const bars = of(...minutes).pipe(
        resampleKlines('1h', { calendar: asked }),
        map(({ symbol, openTime }) => [symbol, openTime]),
      );
      const [k, l, m] = places;
      expectObservable(bars).toBe('(klm|)', { k, l, m });
    }),
  );

  it(
    'is an error of the stream where it makes no sense',
    marbles(({ hot, expectObservable }) => {
      const calendar = () => ({ ...hk, zone: 'Nowhere' });
      const bars = hot('-a', { a: aTrade() }).pipe(toKlines('1h', { calendar }));
      const error = new InvalidOption('calendar.zone', 'Nowhere', 'it is no IANA time zone that this platform knows');
      expectObservable(bars).toBe('-#', {}, error);
    }),
  );
});
