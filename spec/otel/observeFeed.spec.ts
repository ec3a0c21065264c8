import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { NEVER, of, Subject, type Observable } from 'rxjs';
import { InvalidOption } from '../../lib/model/errors.js';
import { quotes } from '../../lib/model/topic.js';
import { healthFold, type HealthEvent } from '../../lib/operators/health/healthFold.js';
import { observeFeed } from '../../lib/otel/index.js';
import { marbles } from '../../lib/testing/marbles.js';
import { aTrade } from '../../lib/testing/builders.js';
import { at, numbered } from '../operators/health/stage.js';

const calendar = { zone: 'UTC', weekdays: [1, 2, 3, 4, 5, 6, 7], spans: [{ from: '00:00', to: '24:00' }] };
const options = { calendar, capabilities: [numbered] };

/** A meter, and what a scrape of it reads: `name{attributes} value` lines. */
const aMeter = () => {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('spec');
  const scrape = async (): Promise<readonly string[]> => {
    const { resourceMetrics } = await exporter.collect();
    const text = new PrometheusSerializer(undefined, false, undefined, true).serialize(resourceMetrics);
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  };
  const valueOf = async (start: string): Promise<number> => {
    const found = (await scrape()).find((line) => line.startsWith(`${start} `));
    return Number(found?.split(' ').at(-1));
  };
  return { meter, scrape, valueOf };
};

const now = Date.now();
const events: readonly HealthEvent[] = [
  at.connected(now),
  at.served(now, ...quotes('AAPL.US')),
  at.quote(now, 10, { time: now - 30, sizeUnit: 'shares' }),
  at.trade(now, 1, { time: now - 3_000 }),
  at.trade(now, 4),
  at.lost(now),
  at.connected(now + 2_000, now),
  at.quote(now + 2_000, 25, { sizeUnit: 'shares' }),
  at.refused(now, ...quotes('X.US')),
  at.said({ kind: 'latency', roundTrip: 40, clockOffset: 250 }),
  at.said({ kind: 'undecodable', frame: '', problems: [] }),
  at.said({ kind: 'lagging', lag: 9_000 }),
  at.said({ kind: 'switched', symbols: 'all', from: 'primary', to: 'secondary', cause: { _tag: 'Stale' } }),
  { kind: 'slowConsumer', waiting: 12, receivedAt: now },
  { kind: 'dropped', count: 5, receivedAt: now },
];

const observed = (source$: Observable<HealthEvent>, more = {}) => {
  const metered = aMeter();
  const life = source$.pipe(observeFeed(metered.meter, { ...options, ...more })).subscribe();
  return { ...metered, life };
};

describe('observeFeed', () => {
  it(
    'passes a feed on as it is, with its completion and errors',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const { meter } = aMeter();
      const feed$ = feed('c-t-t-|', { t: aTrade() });
      expectObservable(feed$.pipe(observeFeed(meter))).toBe('c-t-t-|', {
        c: { kind: 'connected', provider: 'test', receivedAt: 0, attempt: 1, resumed: undefined },
        t: expect.objectContaining({ kind: 'trade' }) as unknown,
      });
      expectSubscriptions(feed$.subscriptions).toBe('^-----!');
      expectObservable(feed('#').pipe(observeFeed(meter))).toBe('#');
    }),
  );

  it('measures what feedHealth counts', async () => {
    const source$ = new Subject<HealthEvent>();
    const { valueOf, life } = observed(source$);
    const fold = healthFold(options);
    for (const event of events) {
      source$.next(event);
      fold.accept(event);
    }
    const { feeds, buffer } = fold.report(now + 2_000);
    const [one] = feeds;
    const feed = 'provider="test",feed="test"';
    expect(await valueOf(`rxtape_feed_events_total{${feed},kind="trade"}`)).toBe(one?.events['trade']);
    const [trades, prices] = [`${feed},kind="trade"`, `${feed},kind="quote"`];
    expect(one?.lag.count).toBe(2);
    expect(await valueOf(`rxtape_feed_lag_count_total{${trades}}`)).toBe(one?.byKind['trade']?.lag.count);
    expect(await valueOf(`rxtape_feed_lag_sum_total{${trades}}`)).toBe(3);
    expect(await valueOf(`rxtape_feed_lag_sum_total{${prices}}`)).toBe(0.03);
    expect(await valueOf(`rxtape_feed_lag_bucket_total{${prices},le="0.05"}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_lag_bucket_total{${trades},le="2.5"}`)).toBe(0);
    expect(await valueOf(`rxtape_feed_lag_bucket_total{${trades},le="5"}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_lag_bucket_total{${trades},le="+Inf"}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_round_trip_sum_total{${feed}}`)).toBe(0.04);
    expect(await valueOf(`rxtape_feed_hole_duration_bucket_total{${feed},le="5"}`)).toBe(one?.holeLengths.count);
    expect(await valueOf(`rxtape_feed_holes{${feed},outcome="none"}`)).toBe(one?.holes.none);
    expect(await valueOf(`rxtape_feed_connects_total{${feed}}`)).toBe(2);
    expect(await valueOf(`rxtape_feed_disconnects_total{${feed},cause="ConnectionLost",code="1006"}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_missed_events{${feed},repaired="false"}`)).toBe(2);
    expect(await valueOf(`rxtape_feed_missed_volume{${feed},unit="shares",repaired="false"}`)).toBe(15);
    expect(await valueOf(`rxtape_feed_refused_total{${feed}}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_undecodable_total{${feed}}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_topics{${feed},state="wanted"}`)).toBe(one?.topics.wanted);
    expect(await valueOf(`rxtape_feed_clock_offset{${feed}}`)).toBe(0.25);
    expect(await valueOf(`rxtape_feed_lagging{${feed}}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_session{${feed}}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_up{${feed}}`)).toBe(1);
    expect(await valueOf(`rxtape_feed_last_event_age{${trades}}`)).toBeGreaterThanOrEqual(0);
    expect(await valueOf(`rxtape_feed_last_event_age{${prices}}`)).toBeGreaterThanOrEqual(0);
    expect(await valueOf(`rxtape_feed_switches_total{${feed},from="primary",to="secondary",cause="Stale"}`)).toBe(1);
    expect(await valueOf('rxtape_buffer_depth')).toBe(buffer.waiting);
    expect(await valueOf('rxtape_buffer_dropped_total')).toBe(buffer.dropped);
    life.unsubscribe();
  });

  it('says that a feed is down when it has ended, until it is there again', async () => {
    const source$ = new Subject<HealthEvent>();
    const { meter, valueOf, life } = observed(source$, { feed: 'desk' });
    source$.next(at.connected(now));
    const up = 'rxtape_feed_up{provider="test",feed="desk"}';
    expect(await valueOf(up)).toBe(1);
    life.unsubscribe();
    expect(await valueOf(up)).toBe(0);
    const again = source$.pipe(observeFeed(meter, { feed: 'desk' })).subscribe();
    source$.next(at.connected(now));
    expect([await valueOf(up), await valueOf(up)]).toEqual([1, 1]);
    again.unsubscribe();
    expect(await valueOf(up)).toBe(0);
  });

  it('measures a feed for as long as it is subscribed', async () => {
    const source$ = new Subject<HealthEvent>();
    const { valueOf, life } = observed(source$);
    const dropped: HealthEvent = { kind: 'dropped', count: 5, receivedAt: now };
    source$.next(dropped);
    expect(await valueOf('rxtape_buffer_dropped_total')).toBe(5);
    life.unsubscribe();
    source$.next(dropped);
    expect(source$.observed).toBe(false);
    // The meter goes on showing what it read last.
    expect(await valueOf('rxtape_buffer_dropped_total')).toBe(5);
    expect(await observed(of(...events)).scrape()).toEqual(['rxtape_feed_up{provider="test",feed="test"} 0']);
    expect(await observed(NEVER).valueOf('rxtape_buffer_depth')).toBe(0);
  });

  it('gives all feeds of a stream the name that was given', async () => {
    const source$ = new Subject<HealthEvent>();
    const { valueOf, scrape, life } = observed(source$, { feed: 'desk' });
    events.forEach((event) => source$.next(event));
    source$.next(aTrade({ provider: 'other', receivedAt: now }));
    const of = 'provider="test+other",feed="desk"';
    expect(await valueOf(`rxtape_feed_events_total{${of},kind="trade"}`)).toBe(3);
    expect(await valueOf(`rxtape_feed_up{${of}}`)).toBe(1);
    expect(await valueOf('rxtape_buffer_depth{feed="desk"}')).toBe(12);
    expect((await scrape()).filter((line) => line.startsWith('rxtape_feed_up'))).toHaveLength(1);
    life.unsubscribe();
  });

  it('has no symbol in its metrics, unless asked, and then a bounded number of series', async () => {
    const traded = Array.from({ length: 5 }, (_, i) => aTrade({ symbol: `S${i % 3}.US`, receivedAt: now }));
    const source$ = new Subject<HealthEvent>();
    const plain = observed(source$);
    const named = observed(source$, { by: ({ symbol }: { symbol: string }) => symbol, maxSeries: 2 });
    [at.connected(now), ...traded].forEach((event) => source$.next(event));
    expect((await plain.scrape()).join('\n')).not.toContain('S0.US');
    const series = (await named.scrape()).filter((line) => line.startsWith('rxtape_feed_series_events_total'));
    expect(series).toEqual([
      'rxtape_feed_series_events_total{series="S0.US"} 2',
      'rxtape_feed_series_events_total{series="S1.US"} 2',
      'rxtape_feed_series_events_total{series="other"} 1',
    ]);
    plain.life.unsubscribe();
    named.life.unsubscribe();
  });

  it('fails the feed with what `by` throws', () => {
    const { meter } = aMeter();
    const seen: unknown[] = [];
    const by = (): string => {
      throw new Error('by');
    };
    of(aTrade(), aTrade())
      .pipe(observeFeed(meter, { by }))
      .subscribe({ next: (value) => seen.push(value), error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual([new Error('by')]);
  });

  it('rejects options that make no sense', () => {
    const { meter } = aMeter();
    expect(() => observeFeed(meter, { maxSeries: 0 })).toThrow(InvalidOption);
    expect(() => observeFeed(meter, { staleAfter: 0 })).toThrow(InvalidOption);
  });
});
