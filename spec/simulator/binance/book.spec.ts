import fc from 'fast-check';
import { binance, closeAll, drained, type Payload, type Snapshot } from './binanceClient.js';

afterEach(closeAll);

type Side = Map<string, string>;

/** The vendor's recipe, word by word and no cleverer: events are buffered, a snapshot is taken, and so on. */
interface Book {
  readonly bids: Side;
  readonly asks: Side;
  updateId: number;
}

class Hole extends Error {}

const bookOf = ({ lastUpdateId, bids, asks }: Snapshot): Book => ({
  bids: new Map(bids),
  asks: new Map(asks),
  updateId: lastUpdateId,
});

const apply = (book: Book, { U, u, b, a }: Payload): void => {
  if (u < book.updateId) return;
  if (U > book.updateId + 1) throw new Hole(`${U} after ${book.updateId}`);
  for (const [side, levels] of [
    [book.bids, b],
    [book.asks, a],
  ] as const) {
    for (const [price, quantity] of levels) {
      if (Number(quantity) === 0) side.delete(price);
      else side.set(price, quantity);
    }
  }
  book.updateId = u;
};

/** Both sides, best first. */
const ladders = ({ bids, asks }: Book): Omit<Snapshot, 'lastUpdateId'> => ({
  bids: [...bids].sort(([one], [other]) => Number(other) - Number(one)),
  asks: [...asks].sort(([one], [other]) => Number(one) - Number(other)),
});

const PATH = 'depth?symbol=BTCUSDT&limit=1000';

describe.each(['depth', 'depth@100ms'])('the book of @%s', (stream) => {
  const every = stream === 'depth' ? 4 : 1;

  it('is that of REST at the same update id, by the recipe of the vendor', async () => {
    const weight = { limit: Infinity, per: 60_000 };
    const { connect, json, steps, simulator } = await binance({ levels: 60, weight });
    const client = await connect(`/stream?streams=btcusdt@${stream}`);
    steps(6);
    const buffered = await drained(client);
    let snapshot = await json<Snapshot>(PATH);
    expect(snapshot.lastUpdateId).toBeGreaterThanOrEqual(buffered[0]!.U);
    snapshot = await json<Snapshot>(PATH);
    const book = bookOf(snapshot);
    // The second is over two steps after the snapshot: an event spans it.
    steps(2);
    buffered.push(...(await drained(client)));
    const later = buffered.filter(({ u }) => u > snapshot.lastUpdateId);
    expect([later[0]!.U <= snapshot.lastUpdateId + 1, later[0]!.u > snapshot.lastUpdateId]).toEqual([true, true]);
    later.forEach((event) => apply(book, event));

    for (let round = 0; round < 40; round += 1) {
      if (round % 10 === 9) simulator.sweep('BTCUSDT.BA', round % 20 === 9 ? 'buyer' : 'seller');
      steps(every);
      for (const event of await drained(client)) apply(book, event);
      const truth = await json<Snapshot>(PATH);
      expect({ lastUpdateId: book.updateId, ...ladders(book) }).toEqual(truth);
    }
  });

  it('has updates that join without a hole, and prices of one side in each once', async () => {
    const { connect, steps } = await binance({ levels: 30 });
    const client = await connect(`/stream?streams=btcusdt@${stream}`);
    steps(200);
    const events = await drained(client);
    expect(events.length).toBeGreaterThan(40);
    events.slice(1).forEach(({ U }, at) => expect(U).toBe(events[at]!.u + 1));
    for (const { U, u, b, a } of events) {
      expect(u).toBeGreaterThanOrEqual(U);
      for (const side of [b, a]) expect(new Set(side.map(([price]) => price)).size).toBe(side.length);
      for (const [price, quantity] of [...b, ...a]) {
        expect(price).toMatch(/^\d+\.\d{8}$/);
        expect(quantity).toMatch(/^\d+\.\d{8}$/);
      }
    }
    expect(events.flatMap(({ b }) => b).map(([, quantity]) => quantity)).toContain('0.00000000');
  });

  it('has a hole where updates get lost, for everybody, and holds again from a new snapshot', async () => {
    const { connect, json, steps, simulator } = await binance({ levels: 30 });
    const clients = [await connect(`/stream?streams=btcusdt@${stream}`), await connect(`/ws/btcusdt@${stream}`)];
    const other = await connect(`/ws/ethusdt@${stream}`);
    const snapshot = await json<Snapshot>(PATH);
    steps(8);
    simulator.binance.loseDepth('BTCUSDT.BA', 2);
    steps(40);
    for (const client of clients) {
      const events = await drained(client);
      const gaps = events.slice(1).map(({ U }, at) => U - events[at]!.u);
      expect(gaps.filter((gap) => gap !== 1)).toHaveLength(1);
      expect(() => events.forEach(apply.bind(undefined, bookOf(snapshot)))).toThrow(Hole);
    }
    const whole = await drained(other);
    whole.slice(1).forEach(({ U }, at) => expect(U).toBe(whole[at]!.u + 1));
    const book = bookOf(await json<Snapshot>(PATH));
    steps(4);
    for (const event of await drained(clients[0]!)) apply(book, event);
    const truth = await json<Snapshot>(PATH);
    expect({ lastUpdateId: book.updateId, ...ladders(book) }).toEqual(truth);
  });
});

describe('the book', () => {
  it('is sorted, uncrossed, and has as many levels as it should, whatever the seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.integer({ min: 10, max: 200 }),
        async (seed, levels) => {
          const { json, steps } = await binance({ levels }, { seed });
          steps(50);
          const { bids, asks } = await json<Snapshot>(PATH);
          const [down, up] = [bids, asks].map((side) => side.map(([price]) => Number(price)));
          expect([down!.length, up!.length]).toEqual([levels, levels]);
          expect([...down!].sort((one, other) => other - one)).toEqual(down);
          expect([...up!].sort((one, other) => one - other)).toEqual(up);
          expect(new Set([...down!, ...up!]).size).toBe(2 * levels);
          expect(down![0]!).toBeLessThan(up![0]!);
          await closeAll();
        },
      ),
      { numRuns: 15 },
    );
  });

  it('begins with the levels of the market, and goes on behind them', async () => {
    const { json, steps, simulator } = await binance();
    steps(20);
    const { bids, asks } = await json<Snapshot>('depth?symbol=BTCUSDT&limit=1000');
    const market = simulator.snapshot('BTCUSDT.BA');
    const shown = (side: Snapshot['bids']) => side.slice(0, 10).map(([price, size]) => [Number(price), Number(size)]);
    expect(shown(bids)).toEqual(market.bids.map(({ price, size }) => [price, size]));
    expect(shown(asks)).toEqual(market.asks.map(({ price, size }) => [price, size]));
    expect([bids.length, asks.length]).toEqual([1_000, 1_000]);
    expect((await json<Snapshot>('depth?symbol=BTCUSDT')).bids).toEqual(bids.slice(0, 100));
  });

  it('has the same ids and levels for the same seed, whoever looks', async () => {
    const [watched, alone] = [await binance({}, { seed: 9 }), await binance({}, { seed: 9 })];
    const client = await watched.connect('/ws/btcusdt@depth');
    for (const one of [watched, alone]) one.steps(30);
    await drained(client);
    expect(await watched.json(PATH)).toEqual(await alone.json(PATH));
  });

  it('answers a question that comes late with the book of when it was asked', async () => {
    const { json, steps, simulator } = await binance({ levels: 10 });
    simulator.binance.rest.delay(50);
    const late = json<Snapshot>(PATH);
    while (simulator.binance.rest.calls === 0) await new Promise((resolve) => setImmediate(resolve));
    steps(10);
    simulator.binance.rest.mend();
    const now = await json<Snapshot>(PATH);
    expect((await late).lastUpdateId).toBeLessThan(now.lastUpdateId);
  });
});
