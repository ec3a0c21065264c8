import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncScheduler, filter, from, map, merge, NEVER, type Observable } from 'rxjs';
import type { History } from '../lib/history/History.js';
import { isMarketEvent, type FeedEvent } from '../lib/model/feedEvent.js';
import type { Kline } from '../lib/model/marketEvent.js';
import { backfill } from '../lib/operators/backfill/backfill.js';
import type { BackfillOptions } from '../lib/operators/backfill/BackfillOptions.js';
import { toKlines } from '../lib/operators/klines/toKlines.js';
import { marbles } from '../lib/testing/marbles.js';
import { barsOf, feedOf, historyOf, MINUTE, SECOND, type Execution } from './operators/backfill/market.js';
import { root } from './sources/files.js';
import { blocksOf } from './sources/markdown.js';

const pictures = blocksOf(readFileSync(join(root, 'docs/history.md'), 'utf8'))
  .map(({ code }) => code)
  .filter((code) => code.startsWith('rule '));

/** What is said at a moment of virtual time, as one letter. */
interface Said {
  readonly at: number;
  readonly mark: string;
}

/** How a picture is laid out: what one character lasts, from when, how long, and what stands above it. */
interface Scale {
  readonly column: number;
  readonly from: number;
  readonly to: number;
  readonly ruler: string;
}

const LABEL = 14;
const labelled = (label: string, text: string): string => `${label.padEnd(LABEL)}${text}`.trimEnd();

const minutesTo = (minutes: number): Scale => ({
  column: 10 * SECOND,
  from: 0,
  to: minutes * MINUTE,
  ruler: Array.from({ length: minutes }, (_, minute) => String(minute).padEnd(6)).join(''),
});

/** A column shows what the link says, else how much is said, else the one thing that is. */
const row = (said: readonly Said[], { column, from: start, to }: Scale): string =>
  Array.from({ length: (to - start) / column }, (_, i) => {
    const within = said
      .filter(({ at }) => Math.floor((at - start) / column) === i)
      .map(({ mark }) => mark)
      .filter((mark, at, all) => mark !== 't' || all.indexOf('t') === at);
    const link = within.find((mark) => /[cd]/.test(mark));
    return link ?? (within.length > 1 ? String(within.length) : (within[0] ?? '-'));
  }).join('');

const drawn = (scale: Scale, rows: Readonly<Record<string, readonly Said[]>>): readonly string[] => [
  labelled('', scale.ruler),
  ...Object.entries(rows).map(([label, said]) => labelled(label, row(said, scale))),
];

const liveMark: Readonly<Record<string, string>> = { connected: 'c', disconnected: 'd', trade: 't' };
const outcomeMark = { whole: 'W', partial: 'P', none: 'N' } as const;

const marksOf = (heard: Heard<FeedEvent>) => ({
  live: heard.flatMap(({ at, value: { kind } }) => (liveMark[kind] ? [{ at, mark: liveMark[kind] }] : [])),
  repaired: heard.flatMap(({ at, value }) => (value.kind === 'kline' ? [{ at, mark: 'k' }] : [])),
  backfilled: heard.flatMap(({ at, value }) =>
    value.kind === 'backfilled' ? [{ at, mark: outcomeMark[value.outcome] }] : [],
  ),
});

type Heard<T> = readonly { readonly at: number; readonly value: T }[];

/** Collects what comes until a moment. */
const collected = <T>(source$: Observable<T>, to: number): Heard<T> => {
  const heard: { readonly at: number; readonly value: T }[] = [];
  const subscription = source$.subscribe((value) => heard.push({ at: asyncScheduler.now(), value }));
  asyncScheduler.schedule(() => subscription.unsubscribe(), to);
  return heard;
};

const repaired = (feed$: Observable<FeedEvent>, history: History, options?: Partial<BackfillOptions>) =>
  feed$.pipe(backfill(history, { interval: '1m', ...options }));

/** A feed through `backfill`, as its live events, its requests, its repaired bars and what each hole ends with. */
const lifeOf = (
  flush: () => void,
  { to }: Scale,
  feed$: Observable<FeedEvent>,
  { history, asked }: ReturnType<typeof historyOf>,
  options?: Partial<BackfillOptions>,
) => {
  const heard = collected(repaired(feed$, history, options), to);
  flush();
  const { live, ...marks } = marksOf(heard);
  return { feed$: live, asked: asked.map(({ at }) => ({ at, mark: '?' })), ...marks };
};

/** A trade every ten seconds, of another price and size each time. */
const steady = (minutes: number, start = 0): readonly Execution[] =>
  Array.from({ length: minutes * 6 }, (_, i) => ({
    time: start + (i * 10 + 5) * SECOND,
    price: 100 + (i % 7),
    size: 1 + (i % 5),
  }));

const at = (minute: number, second: number): number => minute * MINUTE + second * SECOND + 1;
const cut = [at(1, 20), at(3, 10)] as const;
const truth = steady(12);

/** Some bars side by side. */
const sideBySide = (bars: readonly Kline[], rows: Readonly<Record<string, (bar: Kline) => unknown>>) =>
  Object.entries(rows).map(([label, cell]) =>
    labelled(label, bars.map((bar) => String(cell(bar)).padEnd(10)).join('')),
  );

/** The last of each bar. */
const latest = (heard: Heard<Kline>): readonly Kline[] =>
  [...new Map(heard.map(({ value }) => [value.openTime, value])).values()].sort((a, b) => a.openTime - b.openTime);

const renamed = <T extends object>(value: T, names: object): T => ({ ...value, ...('symbol' in value && names) });

const rules: Readonly<Record<string, (flush: () => void) => readonly string[]>> = {
  'rule 1: live events pass at once while a request hangs': (flush) => {
    const scale = minutesTo(7);
    const plain = collected(feedOf(truth, 'figures', [cut]), scale.to);
    const life = lifeOf(
      flush,
      scale,
      feedOf(truth, 'figures', [cut]),
      historyOf([], () => NEVER),
    );
    return drawn(scale, { feed$: marksOf(plain).live, asked: life.asked, backfill: life.feed$ });
  },
  'rule 2: a cut before the repair is done makes the hole longer': (flush) => {
    const scale = minutesTo(9);
    const feed$ = feedOf(truth, 'figures', [cut, [at(3, 40), at(5, 10)]]);
    return drawn(scale, lifeOf(flush, scale, feed$, historyOf(barsOf(truth))));
  },
  'rule 3: no bar is expected in the lunch break of Shanghai': (flush) => {
    // The virtual clock begins at 08:00 in Shanghai.
    const local = (hour: number, minute: number): number => ((hour - 8) * 60 + minute) * MINUTE;
    const scale: Scale = {
      column: 2 * MINUTE,
      from: local(11, 20),
      to: local(13, 10),
      ruler: '11:20               12:00                         13:00',
    };
    const names = { feed: 'itick:stock', symbol: '600000.SH' };
    const trades = [...steady(10, local(11, 20)), ...steady(10, local(13, 0))];
    const feed$ = feedOf(trades, 'figures', [[local(11, 28) + at(0, 30), local(13, 2) + at(0, 10)]]).pipe(
      map((event) => renamed({ ...event, feed: names.feed }, names)),
    );
    return drawn(scale, lifeOf(flush, scale, feed$, historyOf(barsOf(trades).map((bar) => renamed(bar, names)))));
  },
  'rule 4: what was received wholly stays, the rest is repaired': (flush) => {
    const received = collected(feedOf(truth, 'figures', [cut]).pipe(toKlines('1m')), 7 * MINUTE);
    const { history } = historyOf(barsOf(truth));
    const emitted = collected(repaired(feedOf(truth, 'figures', [cut]), history).pipe(toKlines('1m')), 7 * MINUTE);
    flush();
    const before = new Map(latest(received).map((bar) => [bar.openTime, bar]));
    return sideBySide(latest(emitted).slice(0, 6), {
      bar: ({ openTime }) => openTime / MINUTE,
      received: ({ openTime }) => before.get(openTime)?.coverage.toFixed(2) ?? '-',
      source: ({ source }) => source,
    });
  },
  'rule 5: a repaired bar says so': (flush) => {
    const { history } = historyOf(barsOf(truth));
    const heard = collected(repaired(feedOf(truth, 'figures', [cut]), history), 7 * MINUTE);
    flush();
    const bars = heard.flatMap(({ value }) => (value.kind === 'kline' ? [value] : []));
    return sideBySide(bars, {
      bar: ({ openTime }) => openTime / MINUTE,
      source: ({ source }) => source,
      closed: ({ closed }) => closed,
      revision: ({ revision }) => revision,
      coverage: ({ coverage }) => coverage.toFixed(2),
      missedVolume: ({ missedVolume }) => missedVolume,
    });
  },
  'rule 6: a hole that cannot be closed ends too; the vendor lacks bar 2': (flush) => {
    const scale = minutesTo(7);
    const history = historyOf(barsOf(truth).filter(({ openTime }) => openTime !== 2 * MINUTE));
    return drawn(scale, lifeOf(flush, scale, feedOf(truth, 'trades', [cut]), history, { attempts: 3 }));
  },
  'rule 7: of a history a hundred times off nothing is used': (flush) => {
    const scale = minutesTo(7);
    const history = historyOf(barsOf(truth).map((bar) => ({ ...bar, volume: bar.volume * 100 })));
    return drawn(scale, lifeOf(flush, scale, feedOf(truth, 'figures', [cut]), history, { attempts: 3 }));
  },
  'rule 8: one call a minute for three symbols; what was watched last is asked for first': (flush) => {
    const scale = minutesTo(10);
    const symbols = ['AUSDT.BA', 'BUSDT.BA', 'CUSDT.BA'];
    const { history, asked } = historyOf(
      [],
      ({ symbols: [symbol] }) => from(barsOf(truth).map((bar) => renamed(bar, { symbol }))),
      { budget: { calls: 1, per: MINUTE } },
    );
    const feed$ = merge(
      ...symbols.map((symbol, i) =>
        feedOf(truth, 'figures', [cut]).pipe(
          filter((event) => i === 0 || isMarketEvent(event)),
          map((event) => renamed(event, { symbol })),
        ),
      ),
    );
    const life = lifeOf(flush, scale, feed$, { history, asked });
    const letters = asked.map(({ at: when, symbols: [symbol = ''] }) => ({ at: when, mark: symbol.charAt(0) }));
    return drawn(scale, { ...life, asked: letters });
  },
  'rule 9: bars 3 and 4 are final 30 s after their end': (flush) => {
    const scale = minutesTo(7);
    const history = historyOf(barsOf(truth), undefined, { settle: 30 * SECOND });
    return drawn(scale, lifeOf(flush, scale, feedOf(truth, 'figures', [cut]), history));
  },
  'rule 10: `toKlines` emits the repaired bars as corrections, before and behind its own': (flush) => {
    const scale = minutesTo(7);
    const { history } = historyOf(barsOf(truth));
    const feed$ = feedOf(truth, 'figures', [cut]);
    const bars = collected(repaired(feed$, history).pipe(toKlines('1m', { forming: false })), scale.to);
    const life = lifeOf(flush, scale, feed$, historyOf(barsOf(truth)));
    const barsFrom = (isRepaired: boolean): readonly Said[] =>
      bars
        .filter(({ value: { source } }) => (source === 'backfill') === isRepaired)
        .map(({ at: when }) => ({ at: when, mark: 'k' }));
    return drawn(scale, { feed$: life.feed$, closed: barsFrom(false), corrected: barsFrom(true) });
  },
  "rule 11: another vendor's feed is not asked for": (flush) => {
    const scale = minutesTo(7);
    const feed$ = feedOf(truth, 'figures', [cut]).pipe(
      map((event) => ({ ...event, provider: 'tickflow', feed: 'tickflow' })),
    );
    return drawn(scale, lifeOf(flush, scale, feed$, historyOf(barsOf(truth))));
  },
};

describe('the pictures of the page of histories', () => {
  for (const [title, draw] of Object.entries(rules)) {
    it(
      title,
      marbles(({ flush }) => {
        const picture = [title, ...draw(flush)].join('\n');
        expect(pictures).toContain(picture);
      }),
    );
  }

  it('are of rules that are drawn here', () => {
    expect(pictures.map((picture) => picture.split('\n')[0])).toEqual(Object.keys(rules));
  });
});
