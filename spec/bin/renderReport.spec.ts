import { renderReport, type CassetteReport } from '../../lib/bin/commands/inspect.js';

describe('renderReport', () => {
  const from = Date.UTC(2026, 10, 21, 1, 30);
  const report: CassetteReport = {
    name: 'tape.ndjson.gz',
    from,
    to: from + 90_000,
    bytes: 12_345,
    endpoints: ['wss://api.itick.org/stock'],
    connections: 2,
    refused: 0,
    in: { frames: 1_234, size: 45_000 },
    out: { frames: 1, size: 90 },
    requests: { sent: 0, answered: 0, failed: 0, size: 0 },
    lost: 0,
    rate: { mean: 13.7123, peak: 40 },
    symbols: [{ source: 'itick:stock', symbol: 'AAPL.US', trades: 0, quotes: 1, depths: 0, bbos: 0, klines: 0 }],
    gaps: [],
    latency: [{ kind: 'quote', count: 1, p50: 12, p90: 12, p99: 12 }],
    refusedTopics: 0,
    undecodable: 0,
    strangers: [],
    damage: { count: 0, first: [] },
  };
  const text = (changes: Partial<CassetteReport> = {}): string => renderReport({ ...report, ...changes }).join('\n');

  it('says what is there, and of trouble only what there was', () => {
    expect(text()).toBe(`tape.ndjson.gz
  span          2026-11-21 01:30:00.000Z to 2026-11-21 01:31:30.000Z, 01:30
  file          12 kB
  connections   2 to wss://api.itick.org/stock
  heard         1,234 frames, 45 kB
  said          1 frame, 90 B
  rate          13.7 frames/s on average, 40 in the busiest second
  gaps          none

latency
         events    p50    p90    p99
  quote       1  12 ms  12 ms  12 ms

symbols
               symbol   trades  quotes  depths  klines
  itick:stock  AAPL.US       -       1       -       -`);
  });

  it('has a column of best prices where there are some', () => {
    const [row] = report.symbols;
    expect(text({ symbols: [{ ...row!, bbos: 1_200 }, row!] })).toContain(
      '  itick:stock  AAPL.US       -       1       -  1,200       -',
    );
  });

  it('names gaps, losses, damage and strangers', () => {
    const gap = { source: 'itick:stock', from, to: from + 2_500, cause: 'lost' };
    const shown = text({
      refused: 3,
      refusedTopics: 1,
      undecodable: 2,
      lost: 4,
      gaps: [gap, { ...gap, to: from + 300_000 }, { ...gap, to: undefined }],
      strangers: ['wss://else.where/feed'],
      damage: { count: 60, first: ['tape.ndjson.gz:7 is damaged; it was skipped'] },
    });
    for (const part of [
      'gaps          3 gaps',
      'turned away   3 connections',
      'refused       1 topics',
      'undecodable   2 frames',
      'lost          4 frames, as the disk was too slow',
      'damaged       60 lines, which were skipped',
      'not decoded   wss://else.where/feed: no vendor known here',
      '  itick:stock  2026-11-21 01:30:00.000Z  for 2.5 s  lost',
      'for 5m  lost',
      'to the end  lost',
      '  tape.ndjson.gz:7 is damaged; it was skipped\n  and 59 more',
    ]) {
      expect(shown).toContain(part);
    }
  });

  it('says that there is nothing', () => {
    const nothing = { from: undefined, to: undefined, endpoints: [], symbols: [], latency: [] };
    expect(text(nothing)).toMatch(/span +nothing\n[^]*connections +2 to nowhere\n[^]*gaps +none$/);
  });

  it('shows fifty symbols, and takes no control sequence from anybody', () => {
    const symbols = Array.from({ length: 60 }, () =>
      report.symbols.map((one) => ({ ...one, source: 'a\u001b[31m' })),
    ).flat();
    const shown = text({ symbols });
    expect(shown).toMatch(/\n {2}and 11 more$/);
    expect(shown).not.toContain('\u001b');
  });
});
