import type { Kline } from '../../../lib/model/marketEvent.js';
import { barOrder } from '../../../lib/operators/klines/barOrder.js';
import { aKline } from '../../../lib/testing/builders.js';
import { MINUTE } from './aTape.js';

const ordered = () => {
  const place = barOrder();
  return (kline: Kline<string>) => place(kline).order;
};

describe('barOrder', () => {
  it('takes two spellings of an instrument for one, and keeps the first', () => {
    const place = barOrder();
    const bars = ['700.HK', '00700.HK'].map((symbol) => place(aKline({ symbol })));
    expect(bars.map(({ order, kline }) => [order, kline.symbol])).toEqual([
      ['new', '700.HK'],
      ['latest', '700.HK'],
    ]);
  });

  it('tells a new bar, the latest one and an earlier one apart', () => {
    const orderOf = ordered();
    expect([0, MINUTE, MINUTE, 0, MINUTE].map((openTime) => orderOf(aKline({ openTime })))).toEqual([
      'new',
      'new',
      'latest',
      'earlier',
      'latest',
    ]);
  });

  it('does so for each interval of each symbol of each provider', () => {
    const orderOf = ordered();
    const kline = aKline({ openTime: MINUTE });
    const others = [{ ...kline, provider: 'other' }, aKline({ symbol: 'MSFT.US' }), aKline({ interval: '5m' })];
    expect([kline, ...others, ...others].map(orderOf)).toEqual([
      ...['new', 'new', 'new', 'new'],
      ...['latest', 'latest', 'latest'],
    ]);
  });

  it('takes what opens with a closed counted bar for another one', () => {
    const orderOf = ordered();
    const counted = { ...aKline(), interval: '2ticks' };
    const closed = { ...counted, closed: true };
    expect([counted, closed, counted, closed, closed].map(orderOf)).toEqual(['new', 'latest', 'new', 'latest', 'new']);
  });
});
