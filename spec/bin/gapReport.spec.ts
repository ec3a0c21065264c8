import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { lastValueFrom, Subject, takeUntil, tap } from 'rxjs';
import { gapReportLines, healthOptions, newGapReport, type GapReport } from '../../lib/bin/gapReport.js';
import { run } from '../../lib/bin/run.js';
import {
  ConnectionLost,
  depths,
  feedHealth,
  flattenError,
  quotes,
  trades,
  type FeedEvent,
  type Health,
} from '../../lib/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { fileSink, record } from '../../lib/record/index.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { aDepth, aQuote, aTrade } from '../../lib/testing/index.js';
import { fakeIo } from './fakeIo.js';

const folder = mkdtempSync(join(tmpdir(), 'rxtape-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Figures that go by what happens between frames, such as a lost link. */
const TIMES = ['at', 'watched', 'verified', 'clean', 'perSecond', 'holeLengths', 'roundTrip'];

describe('the gap report', () => {
  it('of a tape has every number that feedHealth had of the same run, with faults in it', async () => {
    const simulator = await startSimulator();
    const file = join(folder, 'tape.ndjson');
    const done$ = new Subject<void>();
    const topics = [...quotes('AAPL.US', '700.HK'), ...trades('AAPL.US'), ...depths('700.HK')];
    let links = 0;
    let events = 0;
    const live$ = record(
      (connection) =>
        itick({ token: 'demo', market: 'stock', url: simulator.url, topics, backoff: () => 200, ...connection }),
      fileSink(file),
      // A replay goes by the steady clock, and a machine may set the other one meanwhile.
      { monotonic: () => Date.now() },
    ).pipe(
      tap((event: FeedEvent) => {
        events += 1;
        if (event.kind === 'connected') {
          links += 1;
          events = 0;
        }
        if (events === 60) queueMicrotask(() => (links < 3 ? simulator.itick.drop() : done$.next()));
      }),
      takeUntil(done$),
    );
    const live = await lastValueFrom(live$.pipe(feedHealth({ ...healthOptions(true), every: 60_000 })));
    await simulator.close();

    const io = fakeIo();
    await run(['inspect', file, '--json'], {}, io);
    const { gapReport } = JSON.parse(io.stdout.text) as { gapReport: GapReport };
    const told = gapReport.health;
    // What is counted is the same to the last one, and so is the moment of each frame.
    const counts = (health: Health): object => ({
      ...health,
      ...Object.fromEntries(TIMES.map((key) => [key, 0])),
      holes: [health.holes, health.holeLengths.count],
      feeds: health.feeds.map(({ feed, state, events: of }) => ({ feed, state, of })),
    });
    expect(counts(told)).toEqual(counts(live));
    // Live, what follows from a frame comes a moment after it.
    expect(Math.abs(told.watched - live.watched)).toBeLessThan(0.02 * live.watched);
    expect(told.verified).toBeCloseTo(live.verified ?? 0, 1);
    expect(told.clean).toBeCloseTo(live.clean ?? 0, 1);
    expect(Math.abs(told.holeLengths.sum - live.holeLengths.sum)).toBeLessThan(0.2 * live.holeLengths.sum);
    expect(live.holes.none).toBe(2);
    expect(live.events['quote']).toBeGreaterThan(20);
  });

  it('stands first, with each hole, its cause and size, and what could not have been detected', () => {
    const { accept, report } = newGapReport(true);
    const at = Date.UTC(2026, 10, 27, 2);
    const facts = { provider: 'itick', feed: 'itick:stock' };
    const quote = (receivedAt: number, volume: number): FeedEvent =>
      aQuote({ ...facts, receivedAt, time: receivedAt, volume, sizeUnit: 'shares' });
    const connected = (receivedAt: number, from?: number): FeedEvent => ({
      kind: 'connected',
      ...facts,
      receivedAt,
      attempt: 1,
      resumed: from === undefined ? undefined : { from, to: receivedAt },
    });
    const lost = (receivedAt: number): FeedEvent => ({
      kind: 'disconnected',
      ...facts,
      receivedAt,
      cause: flattenError(new ConnectionLost(1006)),
      attempt: 1,
      retryAt: receivedAt,
    });
    const said = [
      connected(at),
      quote(at, 100),
      aDepth({ ...facts, receivedAt: at, time: at }),
      quote(at + 5_000, 200),
      lost(at + 6_000),
      connected(at + 8_000, at + 5_500),
      quote(at + 10_000, 1_400),
      lost(at + 10_000),
    ];
    for (const event of said) accept('itick:stock', event);
    expect(gapReportLines(report())).toEqual([
      'verified      62% of 20s of trading time of all topics',
      'clean         37%',
      'holes         2 holes',
      '  itick:stock  2026-11-27 02:00:05.500Z  for 2.5 s  ConnectionLost  at least 1,200 shares',
      '  itick:stock  2026-11-27 02:00:10.000Z  to the end  ConnectionLost  unknown size',
      'undetectable  itick quotes: a single lost message; of a hole the volume is known',
      '              itick depth: whatever is lost while the link is live',
    ]);
  });

  it('counts exactly where all is numbered, says what was repaired, and shows no more than fifty', () => {
    const { accept, report } = newGapReport(true);
    for (let i = 0; i < 60; i += 1)
      accept('binance', aTrade({ provider: 'binance', symbol: 'X.BA', receivedAt: i, time: i, id: 3 * i }));
    accept('binance', {
      kind: 'recovered',
      provider: 'binance',
      receivedAt: 60,
      symbol: 'X.BA',
      fromId: 1,
      toId: 2,
      outcome: 'whole',
      trades: 2,
      attempts: 1,
    });
    const lines = gapReportLines(report());
    expect(lines.slice(0, 5)).toEqual([
      'verified      98% of 0s of trading time of all topics',
      'clean         1%',
      'holes         59 holes',
      '  binance X.BA  1970-01-01 00:00:00.000Z  for 0.0 s  MissingNumbers  exactly 2 events  repaired: whole',
      '  binance X.BA  1970-01-01 00:00:00.001Z  for 0.0 s  MissingNumbers  exactly 2 events',
    ]);
    expect(lines).toHaveLength(54);
    expect(lines.at(-1)).toBe('  and 9 more');
  });

  it('says that there is nothing', () => {
    expect(gapReportLines(newGapReport(false).report())).toEqual([
      'verified      - of 0s of trading time of all topics',
      'clean         -',
      'holes         none',
    ]);
  });
});
