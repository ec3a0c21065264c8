import { depths, quotes, type Topic } from '../../../lib/model/topic.js';
import { spellingOf, wireSymbol } from '../../../lib/providers/tickflow/symbols.js';
import { nothingWanted, wanting } from '../../../lib/session/wanted.js';

describe('wireSymbol', () => {
  it.each([
    ['600000.SH', '600000.SH'],
    ['au2604.SHF', 'au2604.SHF'],
    ['BRK.B.US', 'BRK.B.US'],
    ['700.HK', '00700.HK'],
    ['00700.HK', '00700.HK'],
    ['0700.HK', '00700.HK'],
    ['80700.HK', '80700.HK'],
    ['1.US', '1.US'],
  ])('of %s is %s', (symbol, wire) => {
    expect(wireSymbol(symbol)).toBe(wire);
  });
});

const wanted = (current: readonly Topic[], ...unsubscribed: readonly Topic[]) => ({
  state: {
    ...wanting(nothingWanted, current),
    unsubscribed: new Map(unsubscribed.map((topic) => [topic.symbol, topic])),
  },
});

describe('spellingOf', () => {
  it.each([
    ['700.HK', '00700.HK', '700.HK'],
    ['00700.HK', '00700.HK', '00700.HK'],
    ['00700.HK', '700.HK', '00700.HK'],
    ['au2604.SHF', 'au2604.SHF', 'au2604.SHF'],
    ['600000.SH', '000001.SZ', '000001.SZ'],
    ['600000.SH', '00700.HK', '700.HK'],
    ['600000.SH', '600000.sh', '600000.SH'],
    ['au2604.SHF', 'AU2604.SHF', 'au2604.SHF'],
    ['0700.HK', '700.hk', '0700.HK'],
    ['600000.SH', 'au2604.SHF', 'au2604.SHF'],
    ['600000.SH', '600000', undefined],
    ['600000.SH', '', undefined],
    ['600000.SH', '__proto__', undefined],
  ])('where %s was asked for, spells %s as %s', (asked, pushed, symbol) => {
    expect(spellingOf(wanted(quotes(asked)))(pushed)).toBe(symbol);
  });

  it('follows what is wanted, and knows what has just left it', () => {
    const now = wanted(quotes('700.HK'));
    const spell = spellingOf(now);
    expect([spell('00700.HK'), spell('09988.HK')]).toEqual(['700.HK', '9988.HK']);
    now.state = wanted(quotes('09988.HK'), ...quotes('0700.HK')).state;
    expect([spell('00700.HK'), spell('09988.HK')]).toEqual(['0700.HK', '09988.HK']);
  });

  it('prefers the spelling that is wanted now', () => {
    expect(spellingOf(wanted(quotes('700.HK'), ...quotes('0700.HK')))('00700.HK')).toBe('700.HK');
  });

  it('is the first of two in one list', () => {
    const both = [...quotes('0700.HK'), ...depths('700.HK')];
    expect(spellingOf(wanted(both))('00700.HK')).toBe('0700.HK');
  });
});
