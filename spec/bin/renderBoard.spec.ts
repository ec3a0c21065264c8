import fc from 'fast-check';
import { newBoard, renderBoard, type WatchView } from '../../lib/bin/views/watch.js';
import { ConnectionLost, quotes, type Channel, type FeedEvent, type Topic } from '../../lib/index.js';
import { aDepth, aKline, aQuote, aTrade } from '../../lib/testing/index.js';

const link = { provider: 'itick', receivedAt: 0 } as const;
const connected: FeedEvent = { ...link, kind: 'connected', attempt: 1, resumed: undefined };
const gone: FeedEvent = { ...link, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 2, retryAt: 3_000 };
const refused: FeedEvent = { ...link, kind: 'refused', topics: quotes('NOPE.US'), reason: 'un\u001b[31mknown' };
const all: readonly Channel[] = ['quote', 'depth', 'trade', 'kline'];
const symbols = ['AAPL.US', 'NOPE.US'];
const topics: readonly Topic[] = quotes(...symbols);

const board = (...events: FeedEvent[]) => {
  const made = newBoard([{ name: 'itick:stock', topics }], 0);
  for (const event of events) made.accept('itick:stock', event);
  made.count(1_000);
  return made;
};
const render = (events: readonly FeedEvent[], view: Partial<WatchView> = {}): readonly string[] =>
  renderBoard(board(...events).parts(), {
    title: 'itick:stock (simulated)',
    hint: 'q quits',
    channels: new Set<Channel>(['quote', 'depth']),
    colors: 'none',
    width: 100,
    height: 30,
    now: 2_000,
    ...view,
  });

const quote = aQuote({ last: 225.5, previousClose: 225.23, open: 1, volume: 1229, high: 226.25 });
const depth = aDepth({ bids: [{ price: 225.4, size: 3 }], asks: [{ price: 225.6, size: 1500 }], receivedAt: 1_000 });

describe('renderBoard', () => {
  it('draws what is watched, a line for each link, and a row for each symbol', () => {
    expect(render([connected, quote, depth])).toEqual([
      `rxtape itick:stock (simulated)${' '.repeat(100 - 30 - 7)}q quits`,
      '',
      '  SYMBOL         LAST   CHANGE   BID SIZE       BID       ASK  ASK SIZE       VOLUME  AGE',
      'itick:stock  live  2 events/s, 0 reconnects',
      '  AAPL.US      225.50   +0.12%          3    225.40    225.60     1,500        1,229   1s',
      '  NOPE.US           -        -          -         -         -         -            -    -',
      '',
    ]);
  });

  it('shows the best of a book that is sent in updates, and nothing of it between a gap and a snapshot', () => {
    const update = aDepth({ type: 'update', bids: [{ price: 200, size: 7 }], asks: [{ price: 225.6, size: 0 }] });
    const sides = (...events: FeedEvent[]): string => (render([connected, ...events])[4] ?? '').replace(/ +/g, ' ');
    expect(sides(depth, update)).toContain(' 3 225.4 - - ');
    expect(sides(depth, update, aDepth({ type: 'update', bids: [{ price: 225.4, size: 0 }] }))).toContain(
      ' 7 200.0 101.0 1 ',
    );
    expect(sides(update)).toContain(' - - - - ');
    expect(sides(depth, update, gone, connected, update)).toContain(' - - - - ');
    expect(sides(depth, update, gone, connected, depth, update)).toContain(' 3 225.4 - - ');
  });

  it('drops the least important columns of a narrow terminal', () => {
    expect(render([connected, quote, depth], { width: 60 })[2]).toBe(
      '  SYMBOL         LAST   CHANGE        BID       ASK  AGE',
    );
    const without = (width: number) => render([connected, quote, depth], { width })[2];
    for (let width = 120; width > 5; width -= 1) {
      for (const [one, other] of [
        ['BID ', 'ASK '],
        ['BID SIZE', 'ASK SIZE'],
      ] as const) {
        expect([width, `${without(width)} `.includes(one)]).toEqual([width, `${without(width)} `.includes(other)]);
      }
    }
    expect(render([connected, quote, depth], { width: 24 })[4]).toBe('  AAPL.US      225.50');
    expect(render([connected, quote, depth], { width: 5 })[4]).toBe('  AAP');
  });

  it('has only columns that what is watched can fill', () => {
    const heading = (...channels: Channel[]) => render([], { width: 200, channels: new Set(channels) })[2];
    expect(heading('trade')).toBe('  SYMBOL         LAST       VOLUME  AGE');
    expect(heading('kline')).toBe('  SYMBOL         LAST  BAR OPEN      HIGH       LOW   BAR VOL  AGE');
  });

  it('says of change and volume of the last hours that they are', () => {
    const rolling = { hours: 24, open: 200, volume: 98_765 };
    const line = (...events: FeedEvent[]): string => render([connected, ...events])[4] ?? '';
    expect(line(aQuote({ last: 225, rolling }))).toMatch(/ 225 {2}24h \+12\.50% .* 24h 98,765 /);
    expect(line(aQuote({ last: 225, rolling, previousClose: 225, volume: 7 }))).toMatch(/ 225 +0\.00% .* 7 /);
    expect(line(aQuote({ last: 225, rolling: { hours: 24 } }))).not.toContain('24h');
  });

  it('has a column for sizes of trades once a vendor sends them', () => {
    const channels = new Set<Channel>(['trade']);
    expect(render([aTrade({ size: 5 })], { channels })[2]).toBe('  SYMBOL         LAST    SIZE       VOLUME  AGE');
  });

  it('shows the bar', () => {
    const bar = aKline({ open: 1, high: 4.25, low: 0.5, close: 2, volume: 30 });
    const line = render([connected, bar], { channels: new Set<Channel>(['kline']) })[4];
    expect(line).toBe('  AAPL.US        2.00      1.00      4.25      0.50        30   2s');
  });

  it('explains a change that is measured from the open, and sizes that are lots', () => {
    const lines = render([connected, aQuote({ last: 99, open: 100, sizeUnit: 'lots' })]);
    expect(lines[4]).toMatch(/-1\.00%\* /);
    expect(lines.slice(-2)).toEqual([
      '  * since the open: the vendor sends no previous close',
      '  sizes in lots, not shares: itick:stock AAPL.US',
    ]);
  });

  it('says in its row that a symbol was refused, and no control sequence with it', () => {
    const lines = render([connected, refused]);
    expect(lines[3]).toBe('itick:stock  live  0 events/s, 0 reconnects, 1 refused');
    expect(lines[5]).toBe('  NOPE.US    refused: un [31mknown');
  });

  it('says how the link is', () => {
    const state = (now: number, ...events: FeedEvent[]) => render(events, { now, width: 120 })[3];
    expect(state(0)).toBe('itick:stock  connecting  0 events/s, 0 reconnects');
    const resumed: FeedEvent = { ...connected, resumed: { from: 0, to: 1 } };
    const latency: FeedEvent = { ...link, kind: 'latency', roundTrip: 0.84 };
    const junk: FeedEvent = { ...link, kind: 'undecodable', frame: '', problems: [] };
    expect(state(0, connected, resumed, latency, junk)).toBe(
      'itick:stock  live  0 events/s, 1 reconnect, round trip 0.8 ms, 1 undecodable',
    );
    const lost = 'the connection was lost (close code 1006)  0 events/s, 0 reconnects';
    expect(state(2_000, connected, gone)).toBe(`itick:stock  down, retry 2 in 1.0 s  ${lost}`);
    expect(state(3_000, connected, gone)).toBe(`itick:stock  down, retry 2 under way  ${lost}`);
  });

  it('dims what a dead link said last', () => {
    const row = (...events: FeedEvent[]) => render(events, { colors: 'us' })[4];
    expect(row(connected, quote)).toContain('\u001b[32m +0.12% \u001b[0m');
    expect(row(connected, quote, gone)).not.toContain('\u001b[32m');
    expect(row(connected, aQuote({ last: 1, previousClose: 2 }))).toContain('\u001b[31m');
    expect(row(connected, aQuote({ last: 2, previousClose: 2 }))).not.toContain('\u001b[3');
  });

  it('says how much a low terminal does not show', () => {
    expect(render([connected, quote], { height: 5 })).toHaveLength(5);
    expect(render([connected, quote], { height: 5 })[4]).toBe('  3 more lines');
    expect(render([connected, quote], { height: 0 })).toEqual(['  7 more lines']);
  });

  it('shortens a title that leaves no room for how to quit', () => {
    expect(render([], { width: 30 })[0]).toBe('rxtape itick:stock ... q quits');
    expect(render([], { width: 30, hint: '' })[0]).toBe('rxtape itick:stock (simulated)');
  });

  it('never draws a line wider than the terminal, or more lines than it has', () => {
    const events = [connected, quote, depth, aTrade({ size: 123456789 }), aKline(), refused, gone];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 12 }), (width, height) => {
        const lines = render(events, { width, height, channels: new Set(all) });
        expect(lines.length).toBeLessThanOrEqual(height);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
