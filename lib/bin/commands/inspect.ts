import { statSync } from 'node:fs';
import { ignoreElements, lastValueFrom, merge, takeUntil, tap, type Observable } from 'rxjs';
import { isMarketEvent, type FeedEvent, type MarketEvent } from '../../index.js';
import { inspectCassette, replay, type FeedConnection, type Inspection } from '../../record/index.js';
import { cassetteIn, cassetteSources, damageLog, newProgress } from '../cassettes.js';
import { age, amount, bytes, counted, elapsed, milliseconds, printable, seconds } from '../format.js';
import { gapReportLines, newGapReport, type GapReport } from '../gapReport.js';
import { linkAfter, newLink, type LinkStatus } from '../link.js';
import type { InspectPlan, Source } from '../Plan.js';
import { openSource, type SourceEvent } from '../sources.js';
import { stopped, type Io } from '../terminal.js';

/** Says what is in a recording. */
export const inspectFiles = async ({ files, json }: InspectPlan, io: Io): Promise<void> => {
  const damage = damageLog();
  const { counted, during } = newProgress(io, files.join(', '));
  const inspection = await during(inspectCassette(counted(cassetteIn(files, { onDamage: damage.note }))));
  const { sources, strangers, startedAt = 0, simulated } = await during(cassetteSources(counted(cassetteIn(files))));
  const { accept, report } = newDecoded(sources, startedAt);
  const gaps = newGapReport(simulated);
  if (sources.length > 0) {
    const feeds = (connection: FeedConnection): Observable<SourceEvent> =>
      merge(...sources.map((source) => openSource(source, { ...connection })));
    const events$ = replay(counted(cassetteIn(files)), feeds, { speed: Infinity });
    const take = (said: SourceEvent): void => {
      accept(said);
      gaps.accept(said.source, said.event);
    };
    const accepted$ = events$.pipe(tap(take), ignoreElements(), takeUntil(stopped(io, undefined)));
    await during(lastValueFrom(accepted$, { defaultValue: undefined }));
  }
  const found: CassetteReport = {
    ...inspection,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    ...report(),
    ...(sources.length > 0 && { gapReport: gaps.report() }),
    strangers,
    damage: { count: damage.count(), first: damage.first().map(({ message }) => message) },
  };
  io.stdout.write(json ? `${JSON.stringify(found)}\n` : `${renderReport(found).join('\n')}\n`);
};

/** A time in which the link of a source was down; `to` is undefined when it did not come back. Epoch milliseconds. */
interface GapRow {
  readonly source: string;
  readonly from: number;
  readonly to: number | undefined;
  readonly cause: string;
}

/** How many events of each kind there are of a symbol. */
interface SymbolReport {
  readonly source: string;
  readonly symbol: string;
  readonly trades: number;
  readonly quotes: number;
  readonly depths: number;
  readonly bbos: number;
  readonly klines: number;
}

/** Milliseconds from the vendor's time to ours. */
interface LatencyReport {
  readonly kind: MarketEvent['kind'];
  readonly count: number;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
}

/** What a recording holds. */
export interface CassetteReport extends Omit<Inspection, 'gaps'> {
  /** On disk. */
  readonly bytes: number;
  /** What is missing; absent where nothing can be decoded. */
  readonly gapReport?: GapReport;
  readonly symbols: readonly SymbolReport[];
  readonly gaps: readonly GapRow[];
  readonly latency: readonly LatencyReport[];
  readonly refusedTopics: number;
  readonly undecodable: number;
  /** Addresses of vendors that are not known here: their frames are counted and not read. */
  readonly strangers: readonly string[];
  readonly damage: { readonly count: number; readonly first: readonly string[] };
}

type Decoded = Pick<CassetteReport, 'symbols' | 'gaps' | 'latency' | 'refusedTopics' | 'undecodable'>;

const counters = { trade: 'trades', quote: 'quotes', depth: 'depths', bbo: 'bbos', kline: 'klines' } as const;
const kinds = Object.keys(counters) as readonly (keyof typeof counters)[];

type Counts = Record<(typeof counters)[keyof typeof counters], number>;

/** Counts what the feeds of a recording say. */
export const newDecoded = (
  sources: readonly Pick<Source, 'name' | 'topics'>[],
  now: number,
): { readonly accept: (event: SourceEvent) => void; readonly report: () => Decoded } => {
  const links = new Map<string, LinkStatus>(sources.map(({ name }) => [name, newLink(now)]));
  const symbols = new Map<string, Map<string, Counts>>();
  const countsOf = (source: string, symbol: string): Counts => {
    const own = symbols.get(source) ?? new Map<string, Counts>();
    symbols.set(source, own);
    const counts = own.get(symbol) ?? { trades: 0, quotes: 0, depths: 0, bbos: 0, klines: 0 };
    own.set(symbol, counts);
    return counts;
  };
  for (const { name, topics } of sources) for (const { symbol } of topics) countsOf(name, symbol);

  const updatedAt = new Map<string, number>();
  const gaps: (Omit<GapRow, 'to'> & { to: number | undefined })[] = [];
  /** Where the gap of a source is that lasts. */
  const lasting = new Map<string, number>();
  const latency = kinds.map((kind) => ({ kind, histogram: histogram() }));

  const note = (source: string, event: FeedEvent): void => {
    // A link that was never live has nothing to lose.
    if (event.kind === 'disconnected' && links.get(source)?.state === 'live') {
      const from = updatedAt.get(source) ?? event.receivedAt;
      if (!lasting.has(source)) lasting.set(source, gaps.length);
      gaps.push({ source, from, to: undefined, cause: event.cause.message });
    }
    if (event.kind !== 'connected') return;
    const place = lasting.get(source);
    const gap = place === undefined ? undefined : gaps[place];
    if (place === undefined || !gap) return;
    gaps[place] = { ...gap, ...event.resumed, to: event.receivedAt };
    lasting.delete(source);
  };
  return {
    accept: ({ source, event }) => {
      if (!isMarketEvent(event)) note(source, event);
      else {
        countsOf(source, event.symbol)[counters[event.kind]] += 1;
        latency.find(({ kind }) => kind === event.kind)?.histogram.add(event.receivedAt - event.time);
      }
      links.set(source, linkAfter(links.get(source) ?? newLink(now), event));
      updatedAt.set(source, event.receivedAt);
    },
    report: () => {
      const total = (of: (link: LinkStatus) => number): number =>
        [...links.values()].reduce((sum, link) => sum + of(link), 0);
      return {
        symbols: [...symbols].flatMap(([source, own]) =>
          [...own].map(([symbol, counts]) => ({ source, symbol, ...counts })),
        ),
        gaps,
        latency: latency
          .map(({ kind, histogram: { count, quantile } }) => ({
            kind,
            count: count(),
            p50: quantile(0.5),
            p90: quantile(0.9),
            p99: quantile(0.99),
          }))
          .filter(({ count }) => count > 0),
        refusedTopics: total(({ refused }) => refused),
        undecodable: total(({ undecodable }) => undecodable),
      };
    },
  };
};

/** So many lines of one kind are shown; JSON has them all. */
const MOST = 50;

/** A report as lines for people. */
export const renderReport = (report: CassetteReport): readonly string[] =>
  [
    report.name,
    ...(report.gapReport ? [...gapReportLines(report.gapReport).map((line) => `  ${line}`), ''] : []),
    ...facts(report).map(([name, text]) => `  ${name.padEnd(12)}  ${text}`),
    ...section(
      'latency',
      table(
        ['', 'events', 'p50', 'p90', 'p99'],
        report.latency.map(({ kind, count, p50, p90, p99 }) => [kind, amount(count), ...[p50, p90, p99].map(delay)]),
      ),
    ),
    ...section('symbols', symbolTable(report.symbols)),
    ...section('gaps', shortened(report.gaps.map(gapLine))),
    ...section('damage', shortened(report.damage.first, report.damage.count)),
  ].map(printable);

type Fact = readonly [string, string];

const facts = ({ from, to, bytes: size, endpoints, ...report }: CassetteReport): readonly Fact[] => {
  const { connections, refused, rate, lost, undecodable, refusedTopics, strangers, damage } = report;
  const trouble = (name: string, count: number, what: string): readonly Fact[] =>
    count > 0 ? [[name, `${amount(count)} ${what}`]] : [];
  return [
    [
      'span',
      from === undefined || to === undefined ? 'nothing' : `${instant(from)} to ${instant(to)}, ${elapsed(to - from)}`,
    ],
    ['file', bytes(size)],
    ['connections', `${amount(connections)} to ${endpoints.join(', ') || 'nowhere'}`],
    ['heard', `${counted(report.in.frames, 'frame')}, ${bytes(report.in.size)}`],
    ['said', `${counted(report.out.frames, 'frame')}, ${bytes(report.out.size)}`],
    [
      'rate',
      `${amount(Number(rate.mean.toPrecision(3)))} frames/s on average, ${amount(rate.peak)} in the busiest second`,
    ],
    ['gaps', report.gaps.length === 0 ? 'none' : counted(report.gaps.length, 'gap')],
    ...trouble('turned away', refused, 'connections'),
    ...trouble('refused', refusedTopics, 'topics'),
    ...trouble('undecodable', undecodable, 'frames'),
    ...trouble('lost', lost, 'frames, as the disk was too slow'),
    ...trouble('damaged', damage.count, 'lines, which were skipped'),
    ...(strangers.length > 0 ? [['not decoded', `${strangers.join(', ')}: no vendor known here`] as const] : []),
  ];
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const shortened = (lines: readonly string[], count = lines.length): readonly string[] => {
  const shown = lines.slice(0, MOST);
  return count > shown.length ? [...shown, `and ${amount(count - shown.length)} more`] : shown;
};

/** Rows below headings, figures to the right; nothing without rows. */
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  if (rows.length === 0) return [];
  const all = [headings, ...rows];
  const widths = headings.map((_, i) => all.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0));
  const isText = (i: number): boolean => headings[i] === '' || headings[i] === 'symbol';
  const lines = all.map((row) =>
    row
      .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return shortened(lines);
};

/** Few vendors push best prices; the column is there where one did. */
const symbolTable = (symbols: readonly SymbolReport[]): readonly string[] => {
  const counted = Object.values(counters).filter((of) => of !== 'bbos' || symbols.some(({ bbos }) => bbos > 0));
  return table(
    ['', 'symbol', ...counted],
    symbols.map((report) => [
      report.source,
      report.symbol,
      ...counted.map((of) => (report[of] === 0 ? '-' : amount(report[of]))),
    ]),
  );
};

const gapLine = ({ source, from, to, cause }: GapRow): string =>
  `${source}  ${instant(from)}  ${to === undefined ? 'to the end' : `for ${long(to - from)}`}  ${cause}`;

const long = (duration: number): string => (duration < 60_000 ? seconds(duration) : age(duration));

const delay = (value: number | undefined): string => (value === undefined ? '-' : milliseconds(value));

/** A time that is the same everywhere: `2026-11-21 01:30:00.000Z`. */
const instant = (time: number): string => new Date(time).toISOString().replace('T', ' ');

/** The distribution of a figure, in bounded memory: large values are counted to three digits. */
interface Histogram {
  readonly add: (value: number) => void;
  readonly count: () => number;
  /** The least value that is not below such a part of all: 0.5 for the median; undefined of nothing. */
  readonly quantile: (part: number) => number | undefined;
}

export const histogram = (): Histogram => {
  const counts = new Map<number, number>();
  let total = 0;
  return {
    add: (value) => {
      const rounded = Math.abs(value) < 1_000 ? Math.round(value) : Number(value.toPrecision(3));
      counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
      total += 1;
    },
    count: () => total,
    quantile: (part) => {
      let left = Math.max(1, Math.ceil(part * total));
      for (const [value, count] of [...counts].sort(([a], [b]) => a - b)) {
        left -= count;
        if (left <= 0) return value;
      }
      return undefined;
    },
  };
};
