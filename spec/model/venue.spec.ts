import { zoneOf } from '../../lib/model/venue.js';

describe('zoneOf', () => {
  it.each([
    ['600000.SH', 'Asia/Shanghai'],
    ['au2604.SHF', 'Asia/Shanghai'],
    ['700.HK', 'Asia/Hong_Kong'],
    ['BRK.B.US', 'America/New_York'],
    ['RELIANCE.NSE.IN', 'Asia/Kolkata'],
    ['EURUSD.GB', 'UTC'],
    ['BTCUSDT.BA', 'UTC'],
    ['X.constructor', 'UTC'],
    ['X.__proto__', 'UTC'],
  ])('of %s is %s', (symbol, zone) => {
    expect(zoneOf(symbol)).toBe(zone);
  });
});
