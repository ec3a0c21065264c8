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

const wish = (current: readonly Topic[], ...withdrawn: readonly Topic[]) => ({
  wanted: { ...wanting(nothingWanted, current), withdrawn: new Map(withdrawn.map((topic) => [topic.symbol, topic])) },
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
    expect(spellingOf(wish(quotes(asked)))(pushed)).toBe(symbol);
  });

  it('follows the wish, and knows what has just left it', () => {
    const now = wish(quotes('700.HK'));
    const spell = spellingOf(now);
    expect([spell('00700.HK'), spell('09988.HK')]).toEqual(['700.HK', '9988.HK']);
    now.wanted = wish(quotes('09988.HK'), ...quotes('0700.HK')).wanted;
    expect([spell('00700.HK'), spell('09988.HK')]).toEqual(['0700.HK', '09988.HK']);
  });

  it('prefers the spelling that is wanted now', () => {
    expect(spellingOf(wish(quotes('700.HK'), ...quotes('0700.HK')))('00700.HK')).toBe('700.HK');
  });

  it('is the first of two in one list', () => {
    const wanted = [...quotes('0700.HK'), ...depths('700.HK')];
    expect(spellingOf(wish(wanted))('00700.HK')).toBe('0700.HK');
  });
});
