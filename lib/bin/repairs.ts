import { buffer, connect, debounceTime, filter, mergeMap, type Observable } from 'rxjs';
import type { Backfilled, Recovered } from '../index.js';
import { isIntraday } from '../model/interval.js';
import { zoneOf } from '../model/venue.js';
import { amount, barTime, clean, counted, venueTime } from './format.js';
import type { SourceEvent } from './sources.js';

/** What became of holes of a source: of one, or of several that are given up for one reason. */
export interface SourceRepairs {
  readonly source: string;
  readonly repairs: readonly [Backfilled, ...Backfilled[]];
}

/** Milliseconds in which no other hole ends: the requests for several come back one after the other. */
const SHORT = 250;

/** What became of the holes in a feed; those that are given up for one reason at nearly the same time come together. */
export const repairsOf = (events$: Observable<SourceEvent>): Observable<SourceRepairs> =>
  events$.pipe(
    filter((value): value is Ended => value.event.kind === 'backfilled'),
    connect((ended$) => ended$.pipe(buffer(ended$.pipe(debounceTime(SHORT))))),
    mergeMap((ended) => together(ended)),
  );

type Ended = SourceEvent & { readonly event: Backfilled };

const together = (ended: readonly Ended[]): readonly SourceRepairs[] => {
  const groups = new Map<string, SourceRepairs>();
  ended.forEach(({ source, event }, at) => {
    const { outcome, interval, reason } = event;
    const key = outcome === 'none' ? `${source} ${interval} ${reason}` : String(at);
    const group = groups.get(key);
    groups.set(key, { source, repairs: group ? [...group.repairs, event] : [event] });
  });
  return [...groups.values()];
};

/** Whether it was the time before the symbol was first seen that was filled: a hole is repaired by proof only. */
export const isWarm = ({ outcome, proof }: Backfilled): boolean =>
  outcome !== 'none' && proof.volume === 'none' && proof.overlap.compared === 0;

/** In one line: `repaired AAPL.US 1m 10:01-10:03: 3 bars, volume proved`. */
export const repairWords = ([first, ...more]: SourceRepairs['repairs']): string => {
  const { interval, from, to, outcome, bars, missing, reason } = first;
  const isOneSpan = more.every((other) => other.from === from && other.to === to);
  const whose = [
    [first, ...more].map(({ symbol }) => symbol).join(', '),
    interval,
    ...(isOneSpan ? [spanText(first)] : []),
  ].join(' ');
  if (outcome === 'none') return `not repaired ${whose}: ${reason ?? 'no bars came'}`;
  const what = isWarm(first) ? 'from the history' : outcome === 'whole' ? 'repaired' : 'partly repaired';
  const facts = [
    counted(bars, 'bar'),
    ...(missing.length > 0 ? [`${amount(missing.length)} missing`] : []),
    ...proofOf(first),
  ];
  return `${what} ${whose}: ${facts.join(', ')}${reason === undefined ? '' : `; ${reason}`}`;
};

/** In one line: `recovered BTCUSDT.BA trades 101-250: 150 trades`. */
export const recoveryWords = ({ symbol, fromId, toId, outcome, trades, reason }: Recovered): string => {
  const whose = `${symbol} trades ${fromId === toId ? fromId : `${fromId}-${toId}`}`;
  if (outcome === 'none') return `not recovered ${whose}: ${reason ?? 'no trades came'}`;
  const what = outcome === 'whole' ? 'recovered' : 'partly recovered';
  return `${what} ${whose}: ${counted(trades, 'trade')}${reason === undefined ? '' : `; ${reason}`}`;
};

const proofOf = ({ proof: { volume, unexplained = 0, overlap } }: Backfilled): readonly string[] => {
  if (volume === 'whole') return ['volume proved'];
  if (volume === 'short') return [`volume not proved: ${amount(clean(unexplained))} unexplained`];
  return overlap.compared > 0 ? [`${overlap.agreed} of ${counted(overlap.compared, 'bar')} beside it agree`] : [];
};

/** From the first minute to the last one, by the clock of this machine; of days their dates at the venue. */
const spanText = ({ symbol, interval, from, to, receivedAt }: Backfilled): string => {
  const last = to - 1;
  if (!isIntraday(interval)) {
    const [first, end] = [from, last].map((time) => venueTime(time, zoneOf(symbol), 'date'));
    return first === end ? `${first}` : `${first} to ${end}`;
  }
  const [today, begun, ended] = [receivedAt, from, last].map(dateHere);
  const [begin, end] = [from, last].map((openTime) => barTime({ openTime, interval }));
  const date = begun === today && ended === today ? '' : `${begun} `;
  if (begun !== ended) return `${date}${begin} to ${ended} ${end}`;
  return begin === end ? `${date}${begin}` : `${date}${begin}-${end}`;
};

const dateHere = (time: number): string => {
  const date = new Date(time);
  const pair = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${pair(date.getMonth() + 1)}-${pair(date.getDate())}`;
};
