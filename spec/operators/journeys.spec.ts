import { ignoreElements, timer, type Observable } from 'rxjs';
import {
  addOrReplace,
  batchTrades,
  bounded,
  chartBars,
  chartEdits,
  conflate,
  gaps,
  mergeQuotes,
  ofKind,
  resampleKlines,
  toKlines,
  type FeedEvent,
} from '../../lib/index.js';
import { marbles, type FeedValue } from '../../lib/testing/index.js';
import { expectToTravel } from '../model/journey.js';

const feed = 'test:a';
/** A market that never closes. */
const symbol = 'BTCUSDT.BA';
const values: Readonly<Record<string, FeedValue>> = {
  t: { kind: 'trade', symbol, price: 10, size: 5, feed, aggressor: 'buyer' },
  u: { kind: 'trade', symbol, price: 11, size: 6, volume: 40, feed },
  q: { kind: 'quote', symbol, last: 12, volume: 60, turnover: 700, high: 12, low: 9, feed },
  d: { kind: 'depth', symbol, feed },
  s: { kind: 'subscribed', topics: [{ channel: 'trade', symbol }], feed },
  c: { kind: 'connected', feed },
  x: { kind: 'disconnected', feed },
};

const toBars = (feed$: Observable<FeedEvent>) => feed$.pipe(toKlines('1m', { empty: 'carry' }));

/** Each operator, and what of its output shows that all kinds were looked at. */
const operators: readonly (readonly [
  name: string,
  run: (feed$: Observable<FeedEvent>) => Observable<object>,
  shows: object,
])[] = [
  ['gaps', gaps(), { feed, attempts: 1, cause: { _tag: 'ConnectionLost' } }],
  ['toKlines', toBars, { kind: 'kline', interval: '1m', closed: true, source: 'empty' }],
  [
    'toKlines of quotes',
    (feed$) => feed$.pipe(ofKind('quote', 'connected', 'disconnected'), toKlines('1m')),
    { kind: 'kline', source: 'quotes', turnover: 0 },
  ],
  [
    'toKlines by count',
    (feed$) => feed$.pipe(toKlines({ ticks: 2 })),
    { kind: 'kline', interval: '2ticks', closed: true, trades: 2 },
  ],
  ['resampleKlines', (feed$) => toBars(feed$).pipe(resampleKlines('5m')), { kind: 'kline', interval: '5m' }],
  ['addOrReplace', (feed$) => toBars(feed$).pipe(addOrReplace()), { action: 'replace', kline: { kind: 'kline' } }],
  ['chartBars', (feed$) => toBars(feed$).pipe(chartBars()), { close: 11 }],
  ['chartEdits', (feed$) => toBars(feed$).pipe(chartEdits()), { type: 'update', symbol, interval: '1m' }],
  ['batchTrades', batchTrades({ every: 2_000 }), { kind: 'trades', feed, time: 1_001 }],
  ['conflate', conflate({ every: 1_000 }), { kind: 'trade', merged: 2 }],
  [
    'mergeQuotes',
    (feed$) => feed$.pipe(ofKind('quote'), conflate({ every: 1_000, merge: mergeQuotes })),
    { kind: 'quote', merged: 1, last: 12 },
  ],
  ['bounded, when it is slow', slow(), { kind: 'slowConsumer', waiting: 1 }],
  ['bounded, when it has caught up', slow(), { kind: 'slowConsumerCleared' }],
  ['bounded, when it drops', slow(), { kind: 'dropped' }],
];

/** A partial match, at all depths. */
const matching = (part: object): object =>
  Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'object' && value !== null && !Array.isArray(value) ? expect.objectContaining(value) : value,
    ]),
  );

function slow() {
  return bounded(() => timer(50).pipe(ignoreElements()), { capacity: 1 });
}

describe('all that an operator says survives structured clone and JSON', () => {
  it.each(operators)('%s', (_, run, shows) => {
    const said: object[] = [];
    marbles(({ feed: draw }) => {
      const feed$ = draw('c-s-tt-tu-d 990ms u 60s t-u-q 59s x 500ms c 30s s-tu 60s u 150s t 60s |', values);
      feed$.pipe(run).subscribe((value) => said.push(value));
    })();
    expect(said).toEqual(expect.arrayContaining([expect.objectContaining(matching(shows))]));
    said.forEach(expectToTravel);
  });
});
