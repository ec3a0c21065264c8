import { asyncScheduler, interval, Subject, type Observable } from 'rxjs';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Quote } from '../../../lib/model/marketEvent.js';
import { quotes, topicKey, type Topic } from '../../../lib/model/topic.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { aQuote } from '../../../lib/testing/builders.js';
import { logged } from '../../../lib/testing/contract/stage.js';
import { delayBy } from '../../../lib/testing/faults/connectionFaults.js';
import { dropAfter } from '../../../lib/testing/faults/connectionFaults.js';
import { duplicate } from '../../../lib/testing/faults/frameFaults.js';
import { faulty, type Fault } from '../../../lib/testing/faults/intercept.js';
import { garble } from '../../../lib/testing/faults/frameFaults.js';
import { halfOpen } from '../../../lib/testing/faults/connectionFaults.js';
import { reorderWithin } from '../../../lib/testing/faults/frameFaults.js';
import { skewClock } from '../../../lib/testing/faults/feedFaults.js';
import { truncateFrames } from '../../../lib/testing/faults/frameFaults.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { virtually } from './line.js';

interface Stage {
  readonly vendor: ScriptedVendor;
  readonly feed$: Observable<FeedEvent>;
}

const CREDENTIAL = 'a-secret/2abf6c0';
const topics = quotes('AAPL.US', '700.HK');

/** A provider and its vendor, with faults in between. */
const providers: readonly (readonly [name: string, stage: (faults: readonly Fault[]) => Stage])[] = [
  [
    'itick',
    (faults) => {
      const vendor = scriptedVendor('itick', { token: CREDENTIAL, echoToken: true });
      const openSocket = faulty(vendor.openSocket, ...faults);
      return { vendor, feed$: itick({ token: CREDENTIAL, market: 'stock', topics, openSocket, backoff: () => 10 }) };
    },
  ],
  [
    'tickflow',
    (faults) => {
      const vendor = scriptedVendor('tickflow', { apiKey: CREDENTIAL });
      const openSocket = faulty(vendor.openSocket, ...faults);
      return { vendor, feed$: tickflow({ apiKey: CREDENTIAL, topics, openSocket, backoff: () => 10 }) };
    },
  ],
];

/** A doubled or overtaken answer is taken for the next one: neither vendor numbers them. */
const only = (frame: string): boolean => /"type":"quote"|"op":"quotes"/.test(frame);

/**
 * At times of their own: RxJS's virtual timers lose count when one ends another that is due at the same moment
 * ("Expected a due immediate or interval").
 */
const one: Readonly<Record<string, () => Fault>> = {
  delayBy: () => delayBy({ latency: 200, jitter: 300 }),
  dropAfter: () => dropAfter({ frames: 300 }),
  'dropAfter with a code': () => dropAfter({ after: 45_051, code: 1001 }),
  duplicate: () => duplicate({ share: 0.2, only }),
  garble: () => garble({ share: 0.05, characters: 2 }),
  halfOpen: () => halfOpen({ after: 20_051 }),
  reorderWithin: () => reorderWithin({ share: 0.2, frames: 5, only }),
  truncateFrames: () => truncateFrames({ share: 0.05 }),
};
const lines = [
  ...Object.entries(one).map(([name, fault]) => [name, () => [fault()]] as const),
  ['all of them', () => Object.values(one).map((fault) => fault())] as const,
];

/** Long enough for every fault, several times. */
const FIVE_MINUTES = 300_000;

/** Virtual time begins in 1970, when a vendor's times are taken for seconds. */
const MORNING = Date.UTC(2026, 0, 5, 1, 30);

interface Day {
  readonly events: readonly FeedEvent[];
  readonly klines: readonly Kline[];
  readonly end: string;
  /** Connections that are left. */
  readonly live: number;
}

/** What a feed says in some virtual time of a vendor whose volume grows, and the bars made of it. */
const dayOf = (stage: (typeof providers)[number][1], faults: readonly Fault[], time = FIVE_MINUTES): Day =>
  virtually(() => {
    const { vendor, feed$ } = stage(faults);
    const events: FeedEvent[] = [];
    const klines: Kline[] = [];
    const seen$ = new Subject<FeedEvent>();
    const day = { events, klines, end: 'none', live: -1 };
    seen$.subscribe((event) => events.push(event));
    seen$
      .pipe(toKlines('1m', { calendar: calendars.always, horizon: 20, forming: 'each' }))
      .subscribe((kline) => klines.push(kline));
    asyncScheduler.schedule(() => {
      const life = feed$.subscribe({
        next: (event) => seen$.next(event),
        error: (error: unknown) => (day.end = logged(error)),
        complete: () => (day.end = 'completed'),
      });
      // Seldom when another timer is due.
      const trading = interval(97).subscribe((tick) => {
        for (const { symbol } of topics) {
          vendor.act(aQuote({ symbol, volume: 1_000 + 10 * tick, time: asyncScheduler.now() }));
        }
      });
      asyncScheduler.schedule(() => {
        trading.unsubscribe();
        life.unsubscribe();
        seen$.complete();
        day.live = vendor.live;
      }, time);
    }, MORNING);
    return day;
  });

const quotesOf = ({ events }: Day, topic: Topic): readonly Quote[] =>
  events.filter((event) => event.kind === 'quote').filter((event) => isOf(event, topic));

const isOf = ({ symbol }: { readonly symbol: string }, topic: Topic): boolean =>
  topicKey({ ...topic, symbol }) === topicKey(topic);

const count = ({ events }: Day, kind: FeedEvent['kind']): number =>
  events.filter((event) => event.kind === kind).length;

describe.each(providers)('a feed of %s', (_, stage) => {
  describe.each(lines)('over a line with %s', (name, faults) => {
    const day = dayOf(stage, faults());

    it('goes on to the end, and then leaves its vendor', () => {
      expect(day.end).toBe('none');
      expect(day.live).toBe(0);
    });

    it('brings data of all topics, also in its last two minutes', () => {
      for (const topic of topics) {
        expect(quotesOf(day, topic).at(-1)?.receivedAt).toBeGreaterThan(MORNING + FIVE_MINUTES - 120_000);
      }
    });

    it('says each outage, and when it was over', () => {
      const outages = count(day, 'disconnected');
      const resumed = day.events.filter((event) => event.kind === 'connected' && event.resumed !== undefined);
      expect(resumed.length).toBeLessThanOrEqual(outages);
      if (/dropAfter|halfOpen|all/.test(name)) expect(resumed.length).toBeGreaterThan(2);
      else if (!/garble|truncate/.test(name)) expect(outages).toBe(0);
    });

    it('says what it could not read, and makes nothing up but the name that was garbled', () => {
      if (/garble|truncate|all/.test(name)) expect(count(day, 'undecodable')).toBeGreaterThan(100);
      else expect(count(day, 'undecodable')).toBe(0);
      const strangers = day.events.filter(
        (event) => 'symbol' in event && !topics.some((topic) => isOf(event, topic)) && !event.symbol.includes('\uFFFD'),
      );
      expect(strangers).toEqual([]);
    });

    it('never says its credential', () => {
      expect(day.events.filter((event) => logged(event).includes(CREDENTIAL))).toEqual([]);
    });

    it('adds up: what was seen and what was missed is what the vendor counted', () => {
      const latest = new Map<string, Kline>();
      day.klines.forEach((kline) => latest.set(`${kline.symbol} ${kline.openTime}`, kline));
      for (const topic of topics) {
        const figures = quotesOf(day, topic).flatMap(({ volume }) => volume ?? []);
        const bars = [...latest.values()].filter((kline) => isOf(kline, topic));
        const told = bars.reduce((sum, { volume, missedVolume }) => sum + volume + missedVolume, 0);
        expect(bars.length).toBeGreaterThan(3);
        expect(told).toBe(Math.max(...figures) - (figures[0] ?? 0));
      }
    });
  });

  it('says the same over the same line, and something else with another seed', () => {
    const said = (seed: number): string => {
      const line = [garble({ share: 0.1, seed }), delayBy({ jitter: 90, seed }), duplicate({ share: 0.1, only, seed })];
      return dayOf(stage, line, 60_000).events.map(logged).join('\n');
    };
    expect(said(1)).toBe(said(1));
    expect(said(1)).not.toBe(said(2));
  });
});

describe('skewClock on a feed', () => {
  it('moves all bars, and changes no volume', () => {
    const day = dayOf(providers[0]![1], []);
    const seen$ = new Subject<FeedEvent>();
    const klines: Kline[] = [];
    const skewed$ = seen$.pipe(skewClock({ ahead: 7_200_000, drift: 0.0001 }));
    skewed$
      .pipe(toKlines('1m', { calendar: calendars.always, horizon: 20, forming: 'each' }))
      .subscribe((kline) => klines.push(kline));
    day.events.forEach((event) => seen$.next(event));
    expect(Math.min(...klines.map(({ openTime }) => openTime))).toBe(
      Math.min(...day.klines.map(({ openTime }) => openTime)) + 7_200_000,
    );
    const total = (bars: readonly Kline[]): number => {
      const latest = new Map(bars.map((bar) => [`${bar.symbol} ${bar.openTime}`, bar.volume + bar.missedVolume]));
      return [...latest.values()].reduce((sum, volume) => sum + volume, 0);
    };
    expect(total(klines)).toBe(total(day.klines));
  });
});
