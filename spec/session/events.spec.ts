import { from, NEVER, toArray } from 'rxjs';
import type { Topic } from '../../lib/model/topic.js';
import { depths, klines, quotes, topicKey, trades } from '../../lib/model/topic.js';
import type { Control } from '../../lib/session/Control.js';
import { events } from '../../lib/session/events.js';
import type { Wish } from '../../lib/session/wish.js';
import { aDepth, aKline, aQuote, aTrade } from '../../lib/testing/builders.js';

const wishWithout = (...withdrawn: readonly Topic[]): Wish => ({
  topics$: NEVER,
  refused: new Set(),
  current: [],
  withdrawn: new Map(withdrawn.map((topic) => [topicKey(topic), topic])),
});

const passed = (wish: Wish, ...said: readonly { readonly kind: string }[]): readonly unknown[] => {
  let seen: readonly unknown[] = [];
  from(said)
    .pipe(events(wish), toArray())
    .subscribe((all) => (seen = all));
  return seen;
};

const control: Control = { kind: 'control' };
const latency = { kind: 'latency', roundTrip: 3 } as const;

describe('events', () => {
  it('drops what the protocol says to itself, and keeps the rest', () => {
    expect(passed(wishWithout(), aTrade(), control, latency, aQuote())).toEqual([aTrade(), latency, aQuote()]);
  });

  it('drops data of a topic that has left the wish, and only of that', () => {
    const wish = wishWithout(...trades('AAPL.US'), ...depths('MSFT.US'));
    const [apple, microsoft] = [{ symbol: 'AAPL.US' }, { symbol: 'MSFT.US' }];
    const said = [aTrade(apple), aQuote(apple), aDepth(microsoft), aTrade(microsoft), latency, control];
    expect(passed(wish, ...said)).toEqual([aQuote(apple), aTrade(microsoft), latency]);
  });

  it('tells bars apart by their interval', () => {
    const wish = wishWithout(...klines('1m', 'AAPL.US'));
    expect(passed(wish, aKline({ interval: '1m' }), aKline({ interval: '5m' }))).toEqual([aKline({ interval: '5m' })]);
  });

  it('knows an instrument in any spelling', () => {
    expect(passed(wishWithout(...quotes('00700.HK')), aQuote({ symbol: '700.HK' }))).toEqual([]);
  });

  it('lets a topic pass again once it is wished for again', () => {
    const wish = wishWithout(...quotes('AAPL.US'));
    quotes('AAPL.US').forEach((topic) => wish.withdrawn.delete(topicKey(topic)));
    expect(passed(wish, aQuote())).toEqual([aQuote()]);
  });
});
