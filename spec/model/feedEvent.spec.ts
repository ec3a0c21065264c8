import { isMarketEvent } from '../../lib/model/feedEvent.js';

describe('isMarketEvent', () => {
  it.each(['trade', 'quote', 'depth', 'kline'])('holds for a %s', (kind) => {
    expect(isMarketEvent({ kind })).toBe(true);
  });

  it.each(['connected', 'disconnected', 'refused', 'undecodable', 'latency', 'control', ''])('fails for %j', (kind) => {
    expect(isMarketEvent({ kind })).toBe(false);
  });
});
