import type { Backfilled, Recovered } from '../../lib/model/feedEvent.js';
import { depths, klines, quotes, trades } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { read, write } from '../../lib/share/tabs/channel.js';
import { gate } from '../../lib/share/tabs/member.js';
import { isOfLink } from '../../lib/share/tabs/topicFilter.js';
import { aKline, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected } from './linkEvents.js';

const bar = aKline({ symbol: '00700.HK', source: 'backfill', closed: true, revision: 1, coverage: 0 });
const own = { ...bar, symbol: '700.HK' };
const done: Backfilled = {
  kind: 'backfilled',
  provider: bar.provider,
  receivedAt: bar.receivedAt,
  symbol: '00700.HK',
  interval: bar.interval,
  from: bar.openTime,
  to: bar.closeTime,
  outcome: 'whole',
  bars: 1,
  missing: [],
  proof: { volume: 'whole', overlap: { compared: 2, agreed: 2 } },
  attempts: 1,
};
const recovered: Recovered = {
  kind: 'recovered',
  provider: bar.provider,
  receivedAt: bar.receivedAt,
  symbol: '00700.HK',
  fromId: 2,
  toId: 2,
  outcome: 'whole',
  trades: 1,
  attempts: 1,
};
const ended = { ...done, symbol: '700.HK' };
const values = { c: connected, b: bar, B: own, d: done, D: ended, t: aTrade({ symbol: '700.HK' }) };

describe('a repaired bar, and the end of its hole', () => {
  it.each([
    ['trades', trades('700.HK')],
    ['quotes', quotes('700.HK')],
    ['bars', klines('1m', '700.HK')],
    ['all of these, once', [...trades('700.HK'), ...quotes('700.HK'), ...klines('1m', '700.HK')]],
  ])('go to who watches %s of the symbol, in that spelling', (_, topics) =>
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-b-d', values);
      expectObservable(shareFeed(() => source).watch(topics)).toBe('-c-B-D', values);
    })(),
  );

  it.each([
    ['depth', depths('700.HK')],
    ['bars of another length', klines('5m', '700.HK')],
    ['another symbol', trades('AAPL.US')],
  ])('go to nobody who watches %s', (_, topics) =>
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-b-d', values);
      expectObservable(shareFeed(() => source).watch(topics)).toBe('-c----', values);
    })(),
  );

  it(
    'are not what a late joiner has missed',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-t-b-d----', values);
      const { watch } = shareFeed(() => source);
      expectObservable(watch(trades('700.HK'))).toBe('-c-t-B-D----', values);
      expectObservable(watch(trades('700.HK')), '---------^--').toBe('---------(ct)', values);
    }),
  );

  it('pass to the tabs that watch the symbol', () => {
    const { keep, admit, pass } = gate();
    keep(trades('700.HK'));
    expect(pass(bar)).toBeUndefined();
    admit(trades('700.HK'), []);
    expect(pass(bar)).toBe(bar);
    expect(pass(done)).toBe(done);
    expect(pass({ ...done, symbol: 'AAPL.US' })).toBeUndefined();
    expect(isOfLink(done)).toBe(false);
  });

  it('are read from the channel of the tabs, unless they name no symbol or no length', () => {
    const sent = (event: object) => {
      const message = read(write({ kind: 'events', from: 'a', events: [event as Backfilled] }));
      return message?.kind === 'events' ? message.events : undefined;
    };
    expect(sent(done)).toEqual([done]);
    expect(sent(bar)).toEqual([bar]);
    expect(sent({ ...done, symbol: 7 })).toEqual([]);
    expect(sent({ ...done, interval: '7m' })).toEqual([]);
  });
});

describe('a recovered trade, and the end of its hole', () => {
  const facts = { symbol: '700.HK', provider: bar.provider };
  const trade = (id: number, time: number) => aTrade({ ...facts, id, time });
  const told = {
    c: connected,
    '1': trade(1, 10),
    '2': trade(2, 10),
    '3': trade(3, 10),
    r: recovered,
    R: { ...recovered, symbol: '700.HK' },
    n: trade(1, 11),
  };

  it(
    'go to who watches the trades of the symbol, and to nobody else',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-1-3-2-r', told);
      const { watch } = shareFeed(() => source);
      expectObservable(watch(trades('700.HK'))).toBe('-c-1-3-2-R', told);
      for (const topics of [quotes('700.HK'), klines('1m', '700.HK'), depths('700.HK'), trades('AAPL.US')])
        expectObservable(watch(topics)).toBe('-c--------', told);
    }),
  );

  it(
    'are not what a late joiner has missed, in place of a newer trade',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-3-2-r----', told);
      const { watch } = shareFeed(() => source);
      expectObservable(watch(trades('700.HK'))).toBe('-c-3-2-R----', told);
      expectObservable(watch(trades('700.HK')), '---------^--').toBe('---------(c3)', told);
    }),
  );

  it(
    'give way to a vendor that numbers its trades anew',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-3-n------', told);
      const { watch } = shareFeed(() => source);
      expectObservable(watch(trades('700.HK'))).toBe('-c-3-n------', told);
      expectObservable(watch(trades('700.HK')), '---------^--').toBe('---------(cn)', told);
    }),
  );

  it('pass to the tabs that watch the trades, and are no news of the link', () => {
    const { keep, admit, pass } = gate();
    const topics = [...trades('700.HK'), ...quotes('AAPL.US')];
    keep(topics);
    admit(topics, []);
    expect(pass(recovered)).toBe(recovered);
    expect(pass({ ...recovered, symbol: 'AAPL.US' })).toBeUndefined();
    expect(isOfLink(recovered)).toBe(false);
  });

  it('is read from the channel of the tabs, unless it names no symbol', () => {
    const sent = (event: object) => {
      const message = read(write({ kind: 'events', from: 'a', events: [event as Recovered] }));
      return message?.kind === 'events' ? message.events : undefined;
    };
    expect(sent(recovered)).toEqual([recovered]);
    expect(sent({ ...recovered, symbol: undefined })).toEqual([]);
  });
});
