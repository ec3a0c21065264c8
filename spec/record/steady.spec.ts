import { asyncScheduler, merge, takeWhile } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import {
  inspectCassette,
  memorySink,
  mergeCassettes,
  parseCassette,
  record,
  replay,
  type Cassette,
  type FeedConnection,
  type RecordableFeed,
  type Sink,
} from '../../lib/record/index.js';
import { steady } from '../../lib/record/steady.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { entriesOf, welcome } from './aTape.js';

const COUNT = 100;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const stocks = (connection: FeedConnection) =>
  itick({
    token: 'any',
    market: 'stock',
    topics: trades('AAPL.US'),
    heartbeat: { every: 5_000, within: 10_000 },
    ...connection,
  });
const shares = (connection: FeedConnection) =>
  tickflow({ apiKey: 'any', topics: quotes('600000.SH'), heartbeat: { within: 10_000 }, ...connection });

const tradeFrame = (i: number): string =>
  JSON.stringify({ code: 1, data: { s: 'AAPL.US', r: 'US', ld: i, v: 1, t: i * 1_000, type: 'tick' } });
const quoteFrame = (i: number): string =>
  JSON.stringify({
    op: 'quotes',
    data: [{ symbol: '600000.SH', last_price: i, volume: i, timestamp: i * 1_000 }],
  });

/** What is done to the wall clock, in milliseconds, before so many events. */
type Steps = Readonly<Record<number, number>>;

/** A sink on a machine whose wall clock is set now and then. */
const onAClockThatIsSet = (sink: Sink, shift: { readonly by: number }): Sink => ({
  start: (onFailure) => {
    const track = sink.start(onFailure);
    return { ...track, write: (entry) => track.write({ ...entry, wall: entry.wall + shift.by }) };
  },
});

/** Records an event a second while the wall clock is set. */
const recorded = (
  flush: () => void,
  feed: RecordableFeed<FeedEvent>,
  say: (connection: FakeConnection, i: number) => void,
  steps: Steps,
): Cassette => {
  const memory = memorySink();
  const shift = { by: HOUR - asyncScheduler.now() };
  let sent = 0;
  const { openSocket } = fakeNetwork((connection) => {
    if (connection.url.includes('itick')) welcome(connection);
    else connection.open();
    const next = (): void => {
      shift.by += steps[sent] ?? 0;
      sent += 1;
      say(connection, sent);
      if (sent < COUNT) asyncScheduler.schedule(next, 1_000);
    };
    asyncScheduler.schedule(next, 1_000);
  });
  let heard = 0;
  record(feed, onAClockThatIsSet(memory, shift), { openSocket })
    .pipe(takeWhile((event) => !isMarketEvent(event) || (heard += 1) < COUNT, true))
    .subscribe();
  flush();
  return memory.cassette();
};

const replayed = (flush: () => void, cassette: Cassette, feed: RecordableFeed<FeedEvent>): readonly FeedEvent[] => {
  const heard: FeedEvent[] = [];
  replay(cassette, feed, { speed: Infinity }).subscribe((event) => heard.push(event));
  flush();
  return heard;
};

const timesOf = (events: readonly FeedEvent[]): readonly number[] =>
  events.filter(isMarketEvent).map(({ receivedAt }) => receivedAt);
const everySecond = Array.from({ length: COUNT }, (_, i) => HOUR + (i + 1) * 1_000);

describe('a wall clock that is set during a recording', () => {
  const cases: readonly (readonly [string, Steps])[] = [
    ['+60 s', { 50: MINUTE }],
    ['-10 min, then +1 h', { 30: -10 * MINUTE, 60: HOUR }],
    ['-1 h', { 50: -HOUR }],
    ['+30 days', { 50: 720 * HOUR }],
    ['+3 s at each event', Object.fromEntries(everySecond.map((_, i) => [i, 3_000]))],
  ];

  it.each(cases)('takes no trade of iTick from a replay, nor its pace: %s', (_, steps) =>
    marbles(({ flush }) => {
      const cassette = recorded(flush, stocks, (connection, i) => connection.say(tradeFrame(i)), steps);
      for (const tape of [cassette, mergeCassettes(cassette)]) {
        const heard = replayed(flush, tape, stocks);
        expect(timesOf(heard)).toEqual(everySecond);
        expect(heard.filter(({ kind }) => kind === 'disconnected')).toEqual([]);
      }
    })(),
  );

  it.each(cases)('takes no quote of TickFlow from a replay, nor its pace: %s', (_, steps) =>
    marbles(({ flush }) => {
      const cassette = recorded(flush, shares, (connection, i) => connection.say(quoteFrame(i)), steps);
      const heard = replayed(flush, cassette, shares);
      expect(timesOf(heard)).toEqual(everySecond);
      expect(heard.filter(({ kind }) => kind === 'disconnected')).toEqual([]);
    })(),
  );

  it(
    'moves nothing against a tape of another machine that is merged with it',
    marbles(({ flush }) => {
      const set = recorded(flush, stocks, (connection, i) => connection.say(tradeFrame(i)), { 50: MINUTE });
      const other = recorded(flush, shares, (connection, i) => connection.say(quoteFrame(i)), {});
      const both = (connection: FeedConnection) => merge(stocks(connection), shares(connection));
      const heard = replayed(flush, mergeCassettes(set, other), both);
      expect(heard.filter(({ kind }) => kind === 'trade')).toHaveLength(COUNT);
      expect(heard.filter(({ kind }) => kind === 'quote')).toHaveLength(COUNT);
      expect(heard.filter(({ kind }) => kind === 'disconnected')).toEqual([]);
    }),
  );

  it('adds nothing to the length of the tape, nor to its gaps', async () => {
    const lines = [
      { rxtape: 1, wall: HOUR, mono: 0, standing: [] },
      ['connect', HOUR, 0, 1, 'wss://host'],
      ['open', HOUR, 0, 1],
      ['in', HOUR + 1_000, 1_000, 1, 'a'],
      ['in', 2 * HOUR + 2_000, 2_000, 1, 'b'],
    ];
    const cassette = parseCassette(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(await inspectCassette(cassette)).toMatchObject({ from: HOUR, to: HOUR + 2_000, rate: { mean: 1 } });
  });
});

const wallsOf = (...lines: readonly (readonly unknown[])[]): readonly number[] =>
  entriesOf(
    steady(
      parseCassette(
        [{ rxtape: 1, wall: HOUR, mono: 0, standing: [] }, ...lines].map((line) => JSON.stringify(line)).join('\n'),
      ),
    ),
  ).map(({ wall }) => wall - HOUR);

describe('the time of a tape', () => {
  it('goes on with the wall clock where a computer slept and has lost its connection', () => {
    expect(
      wallsOf(
        ['connect', HOUR + 10, 10, 1, 'wss://host'],
        ['open', HOUR + 20, 20, 1],
        // It wakes after eight hours of which the monotonic clock knows nothing.
        ['close', 9 * HOUR + 30, 30, 1, 1006, '', false],
        ['connect', 9 * HOUR + 2_030, 2_030, 2, 'wss://host'],
        ['open', 9 * HOUR + 2_040, 2_040, 2],
      ),
    ).toEqual([0, 10, 20, 30, 8 * HOUR + 2_030, 8 * HOUR + 2_040]);
  });

  it('keeps the length of an outage during which the wall clock is set back', () => {
    expect(
      wallsOf(
        ['connect', HOUR + 10, 10, 1, 'wss://host'],
        ['refused', HOUR + 20, 20, 1, 503, '', ''],
        ['connect', 5_020, 5_020, 2, 'wss://host'],
        ['open', 5_030, 5_030, 2],
      ),
    ).toEqual([0, 10, 20, 5_020, 5_030]);
  });

  it('takes no wall time that no sleep explains: a machine that began in 1970 was set right', () => {
    expect(
      wallsOf(
        ['connect', HOUR + 10, 10, 1, 'wss://host'],
        ['refused', HOUR + 20, 20, 1, 503, '', ''],
        ['connect', Date.UTC(2026, 0), 5_020, 2, 'wss://host'],
      ),
    ).toEqual([0, 10, 20, 5_020]);
  });

  it('is the wall time of a tape without monotonic times', () => {
    expect(
      wallsOf(
        ['connect', HOUR + 10, 0, 1, 'wss://host'],
        ['open', HOUR + 20, 0, 1],
        ['in', HOUR + 9_000, 0, 1, 'a'],
        ['ping', HOUR + 99_000, 0, 1],
      ),
    ).toEqual([0, 10, 20, 9_000, 99_000]);
  });

  it('is the wall time again where another recording begins', () => {
    const [one, other] = [1, 5].map((hours) =>
      entriesOf(
        parseCassette(
          [
            { rxtape: 1, wall: hours * HOUR, mono: 0, standing: [] },
            ['connect', hours * HOUR + 10, 10, 1, 'wss://host'],
            ['in', hours * HOUR + 20, 20, 1, 'a'],
          ]
            .map((line) => JSON.stringify(line))
            .join('\n'),
        ),
      ),
    );
    const cassette: Cassette = { name: 'two', blocks: () => [[...(one ?? []), ...(other ?? [])]] };
    expect(entriesOf(steady(cassette)).map(({ wall }) => wall % HOUR)).toEqual([0, 10, 20, 0, 10, 20]);
  });

  it('is the same whichever entries are read', () => {
    const lines = [
      { rxtape: 1, wall: HOUR, mono: 0, standing: [] },
      ['connect', HOUR + 10, 10, 1, 'wss://host'],
      ['refused', 2 * HOUR, 20, 1, 503, '', ''],
      ['connect', 2 * HOUR + 5_020, 5_020, 2, 'wss://host'],
      ['in', 2 * HOUR + 6_000, 6_000, 2, 'a'],
      ['close', HOUR, 7_000, 2, 1006, '', false],
    ];
    const cassette = steady(parseCassette(lines.map((line) => JSON.stringify(line)).join('\n')));
    const all = entriesOf(cassette);
    const some = [...(cassette.blocks('in', 'close') as Iterable<readonly unknown[]>)].flat();
    expect(some).toEqual(all.filter(({ what }) => ['start', 'in', 'close'].includes(what)));
  });
});
