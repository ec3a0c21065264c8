import { ConnectionLost, HeartbeatMissed } from '../../lib/model/errors.js';
import { countKicks, defaultKickRules as rules } from '../../lib/session/kicks.js';

const closed = (code: number) => new ConnectionLost(code);

describe('countKicks', () => {
  it.each([1000, 1008, 4000, 4999])('counts a close with %p soon after login', (code) => {
    expect(countKicks(2, closed(code), 9_999, rules)).toBe(3);
  });

  it.each([1001, 1006, 1009, 1011, 3999, 5000])('does not count a close with %p, nor forget the others', (code) => {
    expect(countKicks(2, closed(code), 0, rules)).toBe(2);
  });

  it('does not count silence', () => {
    expect(countKicks(2, new HeartbeatMissed(5_000), 0, rules)).toBe(2);
  });

  it('does not count a close after the first 10 s', () => {
    expect(countKicks(2, closed(1000), 10_000, rules)).toBe(2);
  });

  it('counts anew after a session of 30 s', () => {
    expect([29_999, 30_000].map((life) => countKicks(2, closed(1000), life, rules))).toEqual([2, 0]);
    expect(countKicks(2, closed(1000), 30_000, { within: 60_000, limit: 4 })).toBe(1);
  });
});
