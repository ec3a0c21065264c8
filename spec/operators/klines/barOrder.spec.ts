import { barOrder } from '../../../lib/operators/klines/barOrder.js';
import { aKline } from '../../../lib/testing/builders.js';
import { MINUTE } from './aTape.js';

describe('barOrder', () => {
  it('tells a new bar, the latest one and an earlier one apart', () => {
    const orderOf = barOrder();
    expect([0, MINUTE, MINUTE, 0, MINUTE].map((openTime) => orderOf(aKline({ openTime })))).toEqual([
      'new',
      'new',
      'latest',
      'earlier',
      'latest',
    ]);
  });

  it('does so for each interval of each symbol of each provider', () => {
    const orderOf = barOrder();
    const kline = aKline({ openTime: MINUTE });
    const others = [{ ...kline, provider: 'other' }, aKline({ symbol: 'MSFT.US' }), aKline({ interval: '5m' })];
    expect([kline, ...others, ...others].map(orderOf)).toEqual([
      ...['new', 'new', 'new', 'new'],
      ...['latest', 'latest', 'latest'],
    ]);
  });

  it('takes what opens with a closed counted bar for another one', () => {
    const orderOf = barOrder();
    const counted = { ...aKline(), interval: '2ticks' };
    const closed = { ...counted, closed: true };
    expect([counted, closed, counted, closed, closed].map(orderOf)).toEqual(['new', 'latest', 'new', 'latest', 'new']);
  });
});
