import fc from 'fast-check';
import { parseSymbol } from '../../../lib/model/symbol.js';
import { quotes, type Topic } from '../../../lib/model/topic.js';
import { spelling, spellingOf, wireSymbol } from '../../../lib/providers/itick/symbols.js';
import { nothingWanted, wanting } from '../../../lib/session/wanted.js';

describe('wireSymbol', () => {
  it.each([
    ['AAPL.US', 'AAPL$US'],
    ['BRK.B.US', 'BRK.B$US'],
    ['700.HK', '700$HK'],
    ['00700.HK', '700$HK'],
    ['000001.SZ', '000001$SZ'],
    ['RELIANCE.NSE.IN', 'RELIANCE$NSE$IN'],
    ['ETH_USDT.BA', 'ETH_USDT$BA'],
  ])('of %s is %s', (symbol, wire) => {
    expect(wireSymbol(symbol)).toBe(wire);
  });
});

type Push = readonly [s: string, r?: string | undefined, e?: string | undefined];

describe('spelling', () => {
  const cases: readonly (readonly [asked: readonly string[], push: Push, symbol: string | undefined])[] = [
    // The forms of the vendor's pages and of those who run against it.
    [['AAPL.US'], ['AAPL.US'], 'AAPL.US'],
    [['EURUSD.GB'], ['EURUSD', 'GB'], 'EURUSD.GB'],
    [['EURUSD.GB'], ['EURUSD$GB', 'GB'], 'EURUSD.GB'],
    [['EURUSD.GB'], ['EURUSD$GB'], 'EURUSD.GB'],
    [['EURUSD.GB'], ['EURUSD$gb'], 'EURUSD.GB'],
    [['EURUSD.GB'], ['EURUSD.GB', 'GB'], 'EURUSD.GB'],
    [['XAUUSD.GB'], ['xauusd'], 'XAUUSD.GB'],
    [['EURUSD.GB'], ['eurusd', 'GB'], 'EURUSD.GB'],
    [['EURUSD.GB'], [' eurusd ', ' gb '], 'EURUSD.GB'],
    [['AAPL.US'], ['aapl.us'], 'AAPL.US'],
    [['AAPL.US'], ['AAPL', 'US', 'NASDAQ'], 'AAPL.US'],
    [['AAPL.US'], ['AAPL$NASDAQ$US'], 'AAPL.US'],
    [['AAPL.US'], ['AAPL', ''], 'AAPL.US'],
    // Crypto pairs.
    [['ETHUSDT.BA'], ['ETH_USDT'], 'ETHUSDT.BA'],
    [['ETHUSDT.BA'], ['ETH_USDT', 'BA'], 'ETHUSDT.BA'],
    [['ETH_USDT.BA'], ['ETHUSDT', 'BA'], 'ETH_USDT.BA'],
    [['BTCUSDT.BA'], ['BA_BTC_USDT'], 'BTCUSDT.BA'],
    [['BTCUSDT.BA'], ['ba_btc_usdt'], 'BTCUSDT.BA'],
    [['BTCUSDT.BA'], ['BA_BTC_USDT', 'BA'], 'BTCUSDT.BA'],
    [['BTCUSDT.BA'], ['BA_BTC_USDT$BA'], 'BTCUSDT.BA'],
    [['BTCUSDT.BA', 'BTCUSDT.BT'], ['BT_BTC_USDT'], 'BTCUSDT.BT'],
    [['BTCUSDT.BA', 'BTCUSDT.BT'], ['BTC_USDT'], undefined],
    [['BTCUSDT.BA'], ['BT_BTC_USDT'], 'BT_BTC_USDT'],
    // Codes with dots.
    [['BRK.B.US'], ['BRK.B', 'US'], 'BRK.B.US'],
    [['BRK.B.US'], ['BRK.B$US'], 'BRK.B.US'],
    [['BRK.B.US'], ['BRK.B.US'], 'BRK.B.US'],
    [['BRK.B.US'], ['brk.b'], 'BRK.B.US'],
    [['BRK.B.US', 'X.B'], ['BRK.B'], 'BRK.B.US'],
    // Hong Kong pads.
    [['00700.HK'], ['700', 'HK'], '00700.HK'],
    [['700.HK'], ['00700', 'HK'], '700.HK'],
    [['700.HK'], ['00700.HK'], '700.HK'],
    [['700.HK'], ['700$hk'], '700.HK'],
    [['00700.HK'], ['700'], '00700.HK'],
    [['00700.HK', '700.HK'], ['700', 'HK'], '00700.HK'],
    [['700.HK', '00700.HK'], ['00700'], '700.HK'],
    // India names the exchange.
    [['RELIANCE.NSE.IN'], ['RELIANCE$NSE$IN'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE', 'IN'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE.NSE', 'IN'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE.NSE.IN'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE.IN'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE$IN'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE.NSE'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN'], ['reliance'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN', 'RELIANCE.BSE.IN'], ['RELIANCE', 'IN', 'BSE'], 'RELIANCE.BSE.IN'],
    [['RELIANCE.NSE.IN', 'RELIANCE.BSE.IN'], ['RELIANCE$IN', 'IN', 'nse'], 'RELIANCE.NSE.IN'],
    [['RELIANCE.NSE.IN', 'RELIANCE.BSE.IN'], ['RELIANCE.IN', undefined, 'BSE'], 'RELIANCE.BSE.IN'],
    [['RELIANCE.NSE.IN', 'RELIANCE.BSE.IN'], ['RELIANCE', 'IN'], undefined],
    [['RELIANCE.NSE.IN'], ['RELIANCE$BSE$IN'], 'RELIANCE.BSE.IN'],
    [['RELIANCE.NSE.IN'], ['RELIANCE', 'IN', 'BSE'], 'RELIANCE.BSE.IN'],
    // A bare code that two instruments share.
    [['000001.SZ', '000001.SH'], ['000001'], undefined],
    [['000001.SZ', '000001.SH'], ['000001', 'SH'], '000001.SH'],
    [['000001.SZ', '1.HK'], ['000001', 'SZ'], '000001.SZ'],
    [['000001.SZ', '1.HK'], ['1', 'HK'], '1.HK'],
    // What nobody asked for.
    [['AAPL.US'], ['MSFT', 'US'], 'MSFT.US'],
    [['AAPL.US'], ['MSFT.US'], 'MSFT.US'],
    [['AAPL.US'], ['EURUSD$GB'], 'EURUSD.GB'],
    [['AAPL.US'], ['00700', 'HK'], '700.HK'],
    [['AAPL.US'], ['TCS', 'IN', 'NSE'], 'TCS.NSE.IN'],
    [['AAPL.US'], ['TCS', 'IN'], undefined],
    [['AAPL.US'], ['MSFT'], 'MSFT'],
    [['AAPL.US'], ['700.HK'], '700.HK'],
    [[], ['AAPL.US'], 'AAPL.US'],
    // Junk.
    [['AAPL.US'], [''], undefined],
    [['AAPL.US'], ['', 'US'], undefined],
    [['AAPL.US'], ['$'], undefined],
    [['AAPL.US'], ['A PPL', 'US'], undefined],
    [['AAPL.US'], ['MSFT', '__proto__'], undefined],
    [['AAPL.US'], ['__proto__'], undefined],
    [['AAPL.US'], ['.US'], undefined],
    [['AAPL.US'], ['_'], undefined],
  ];

  it.each(cases)('where %j were asked for, spells %j as %s', (asked, [s, r, e], symbol) => {
    const spell = spelling(asked);
    expect(spell(s, r, e)).toBe(symbol);
    expect(spell(s, r, e)).toBe(symbol);
  });

  const code = fc.oneof(fc.stringMatching(/^[A-Z]{1,5}(\.[A-C])?$/), fc.stringMatching(/^[1-9]\d{0,4}$/));
  const symbol = fc.oneof(
    fc.tuple(code, fc.constantFrom('US', 'HK', 'SZ', 'GB', 'BA')).map((parts) => parts.join('.')),
    fc.tuple(fc.stringMatching(/^[A-Z]{1,5}$/), fc.constantFrom('NSE', 'BSE')).map((parts) => `${parts.join('.')}.IN`),
  );
  const symbols = fc.uniqueArray(symbol, { minLength: 1, maxLength: 8 });

  interface Form {
    readonly push: Push;
    /** Whether the form says the venue, and so names one instrument at most. */
    readonly full: boolean;
  }

  const formsOf = (asked: string): readonly Form[] => {
    const { code: name, exchange, venue } = parseSymbol(asked);
    const low = name.toLowerCase();
    const full: readonly Push[] =
      exchange === undefined
        ? [
            [name, venue],
            [low, venue],
            [`${name}$${venue}`],
            [`${name}$${venue}`, venue],
            [`${low}$${venue.toLowerCase()}`],
          ]
        : [
            [`${name}$${exchange}$${venue}`],
            [name, venue, exchange],
            [`${name}.${exchange}`, venue],
            [`${name}$${venue}`, venue, exchange],
          ];
    const padded: readonly Push[] = venue === 'HK' && /^\d/.test(name) ? [[name.padStart(5, '0'), venue]] : [];
    const prefixed: readonly Push[] = venue === 'BA' ? [[`BA_${name}`, venue]] : [];
    const bare: readonly Push[] = [[name], [low]];
    return [
      ...[...full, ...padded, ...prefixed].map((push) => ({ push, full: true })),
      ...bare.map((push) => ({ push, full: false })),
    ];
  };

  it('gives the caller’s spelling back in every form, and names nobody for a code that two share', () => {
    fc.assert(
      fc.property(symbols, fc.nat(), fc.nat(), (asked, i, j) => {
        const wanted = asked[i % asked.length]!;
        const forms = formsOf(wanted);
        const { push, full } = forms[j % forms.length]!;
        const others = asked.filter((other) => other !== wanted);
        const shared = others.some((other) => parseSymbol(other).code === parseSymbol(wanted).code);
        const [s, r, e] = push;
        expect(spelling(asked)(s, r, e)).toBe(full || !shared ? wanted : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it('forgets, rather than remember without end', () => {
    const spell = spelling(['AAPL.US']);
    for (let i = 0; i < 10_050; i++) expect(spell(String(i), 'US')).toBe(`${i}.US`);
    for (let i = 0; i < 150; i++) expect(spell('AAPL', `R${i}`)).toBe(`AAPL.R${i}`);
    expect(spell('AAPL', 'US')).toBe('AAPL.US');
  });
});

describe('spellingOf', () => {
  const wanted = (current: readonly Topic[], ...unsubscribed: readonly Topic[]) => ({
    state: {
      ...wanting(nothingWanted, current),
      unsubscribed: new Map(unsubscribed.map((topic) => [topic.symbol, topic])),
    },
  });

  it('follows what is wanted, and knows what has just left it', () => {
    const now = wanted(quotes('EURUSD.GB'));
    const spell = spellingOf(now);
    expect([spell('EURUSD'), spell('xauusd')]).toEqual(['EURUSD.GB', 'xauusd']);
    now.state = wanted(quotes('XAUUSD.GB'), ...quotes('EURUSD.GB')).state;
    expect([spell('EURUSD'), spell('xauusd')]).toEqual(['EURUSD.GB', 'XAUUSD.GB']);
  });

  it('prefers the spelling that is wanted now', () => {
    expect(spellingOf(wanted(quotes('700.HK'), ...quotes('00700.HK')))('0700', 'HK')).toBe('700.HK');
  });

  it('leaves a name as it is where nothing is wanted', () => {
    expect(spellingOf(wanted([]))('AAPL')).toBe('AAPL');
  });
});
