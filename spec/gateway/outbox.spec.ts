import { outbox } from '../../lib/gateway/outbox.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { aBbo } from '../../lib/testing/builders.js';
import { connected, quote, trade } from './stage.js';

/** A way to a client that takes nothing until it is told to. */
const slowLine = (maxBuffered: number, maxWaiting: number) => {
  const texts: string[] = [];
  const told: string[] = [];
  let taken: (() => void)[] = [];
  let buffered = 0;
  const line = {
    send: (text: string, sent: () => void): void => {
      texts.push(text);
      buffered += text.length;
      taken.push(sent);
    },
    buffered: () => buffered,
  };
  const out = outbox(line, { maxBuffered, maxWaiting }, () => void told.push('room'));
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    out,
    told,
    turn,
    said: () => texts.map((text) => JSON.parse(text) as unknown),
    events: () => texts.flatMap((text) => (text.startsWith('[') ? (JSON.parse(text) as FeedEvent[]) : [])),
    take: async () => {
      buffered = 0;
      const all = taken;
      taken = [];
      for (const sent of all) sent();
      await turn();
    },
  };
};

describe('what is said to one client', () => {
  it('is a message a turn, with every event while the client keeps up', async () => {
    const { out, turn, said } = slowLine(10_000, 100);
    out.add(quote('A.US', 1));
    out.add(quote('A.US', 2));
    out.add(trade('A.US', 3));
    await turn();
    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatchObject([{ last: 1 }, { last: 2 }, { price: 3 }]);
  });

  it('is the last of each quote while the client is slow, with how many it stands for, and each trade', async () => {
    const { out, turn, take, events } = slowLine(10, 100);
    out.add(quote('A.US', 1));
    await turn();
    for (const event of [quote('A.US', 2), quote('B.US', 3), trade('A.US', 4), quote('A.US', 5), trade('A.US', 6)])
      out.add(event);
    await turn();
    expect(events()).toHaveLength(1);
    await take();
    expect(events().slice(1)).toMatchObject([{ last: 3 }, { price: 4 }, { last: 5, merged: 2 }, { price: 6 }]);
    expect(events()[1]).not.toHaveProperty('merged');
    expect(out.facts()).toEqual({ conflated: 1, lost: 0, waiting: 0 });
  });

  it('is the last of the best prices while the client is slow, apart from its quotes', async () => {
    const { out, turn, take, events } = slowLine(10, 100);
    out.add(quote('A.US', 1));
    await turn();
    for (const event of [aBbo({ symbol: 'A.US', time: 1 }), quote('A.US', 2), aBbo({ symbol: 'A.US', time: 3 })])
      out.add(event);
    await turn();
    await take();
    expect(events().slice(1)).toMatchObject([{ last: 2 }, { kind: 'bbo', time: 3, merged: 2 }]);
  });

  it('begins anew when too much waits that cannot give way, with the number of what is lost', async () => {
    const { out, turn, take, said, told } = slowLine(10, 3);
    out.add(connected());
    await turn();
    for (let i = 1; i <= 9; i += 1) out.add(trade('A.US', i));
    expect(told).toEqual([]);
    await turn();
    expect(out.facts()).toEqual({ conflated: 0, lost: 9, waiting: 0 });
    await take();
    expect(told).toEqual(['room']);
    expect(said()[1]).toEqual({ gap: 9, from: expect.any(Number) as number });
    expect(out.facts()).toEqual({ conflated: 0, lost: 9, waiting: 0 });
  });

  it('says the time after all that came before, and not while something waits', async () => {
    const { out, turn, take, said } = slowLine(10, 100);
    const kinds = (): readonly unknown[] =>
      said().map((one) => (Array.isArray(one) ? (one as FeedEvent[]).map(({ kind }) => kind).join() : 'beat'));
    out.add(trade('A.US', 1));
    out.beat();
    expect(kinds()).toEqual(['trade']);
    await take();
    out.add(trade('A.US', 2));
    await turn();
    out.add(trade('A.US', 3));
    out.beat();
    expect(kinds()).toEqual(['trade', 'trade']);
    await take();
    await take();
    out.beat();
    expect(kinds()).toEqual(['trade', 'trade', 'trade', 'beat']);
  });
});
