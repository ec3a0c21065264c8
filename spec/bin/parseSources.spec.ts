import { parseSources, sourceNames } from '../../lib/bin/selection.js';

const parse = (line: string) => parseSources(line.split(' ').filter(Boolean));

describe('parseSources', () => {
  it('gives each source the symbols that follow it', () => {
    expect(parse('itick:stock AAPL.US BRK.B.US tickflow 600000.SH')).toEqual([
      { source: { name: 'itick:stock', vendor: 'itick', variant: 'stock' }, symbols: ['AAPL.US', 'BRK.B.US'] },
      { source: { name: 'tickflow', vendor: 'tickflow', variant: 'stream' }, symbols: ['600000.SH'] },
    ]);
  });

  it('joins a source that is named twice', () => {
    const [first, ...rest] = parse('itick:stock AAPL.US tickflow:quotes 600000.SH itick:stock 700.HK');
    expect(first?.symbols).toEqual(['AAPL.US', '700.HK']);
    expect(rest.map(({ source }) => source.name)).toEqual(['tickflow:quotes']);
  });

  it('asks for nothing when nothing is named', () => {
    expect(parse('')).toEqual([]);
  });

  it('knows every market of iTick and both endpoints of TickFlow', () => {
    expect(sourceNames.join(' ')).toBe(
      'itick:stock itick:forex itick:indices itick:crypto itick:future itick:fund tickflow tickflow:quotes binance',
    );
  });

  it.each([
    ['AAPL.US', '"AAPL.US" comes before any source; write itick:stock AAPL.US'],
    ['itick AAPL.US', '"itick" needs a market: itick:stock, itick:forex'],
    ['itick:bonds AAPL.US', '"itick:bonds" is neither a source (itick:stock,'],
    ['itick:stock AAPL', '"AAPL" is neither a source'],
    ['itick:stock', '"itick:stock" needs symbols after it'],
    ['itick:stock AAPL.US tickflow', '"tickflow" needs symbols after it'],
  ])('rejects "%s"', (line, problem) => {
    expect(() => parse(line)).toThrow(problem);
  });
});
