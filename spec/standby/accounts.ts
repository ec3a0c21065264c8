import { tap } from 'rxjs';
import type { FeedEvent, Line } from '../../lib/model/feedEvent.js';
import type { Trade } from '../../lib/model/marketEvent.js';
import type { Feed } from '../../lib/share/shareFeed.js';

/** A hole that was said; it ends when data could flow again, as `gaps()` has it. */
interface Hole {
  readonly from: number;
  to: number;
}

/** What a line has delivered of a symbol: of each number when, among all that was delivered. */
type Arrivals = Map<string, Map<number, { readonly order: number; readonly time: number }>>;

/** What is right or wrong of one feed of two lines. All that is named in `faults` is empty where it is right. */
export interface Account {
  /** Trades that either line has delivered. */
  readonly delivered: number;
  /** Those that lie in a hole that was said and that the line had gone on from which was back first. */
  readonly overtaken: number;
  /** Trades that neither line has delivered, of a hole that was said. */
  readonly holed: number;
  readonly switches: number;
  /** Trades that either line has delivered, and that were not emitted. */
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  readonly disordered: readonly string[];
  /** Trades that neither line has delivered, and no hole was said. */
  readonly untold: readonly string[];
  /** What follows the wrong event: a switch to the line that serves, data of the other one, a link that is lost twice. */
  readonly outOfTurn: readonly string[];
}

/** What may be wrong of a feed. */
export const faults = ['missing', 'doubled', 'disordered', 'untold', 'outOfTurn'] as const;

/** A feed of two lines that is listened to, and what is known of it. */
export interface Listener {
  /** A line on its way to the feed. */
  readonly tapped: (line: Line, feed$: Feed) => Feed;
  readonly take: (event: FeedEvent) => void;
  /** Whether the last of each symbol that was delivered was emitted. */
  readonly isLevel: () => boolean;
  /** When it went back to the primary, epoch milliseconds. */
  readonly returns: () => readonly number[];
  readonly account: (saidAt: Readonly<Record<Line, (time: number) => number>>) => Account;
}

export const listener = (isStandby: boolean): Listener => {
  const arrivals: Readonly<Record<Line, Arrivals>> = { primary: new Map(), secondary: new Map() };
  let order = 0;
  /** Of each symbol the trades as they were emitted. */
  const emitted = new Map<string, { readonly id: number; readonly time: number }[]>();
  const holes: Hole[] = [];
  const returns: number[] = [];
  const outOfTurn: string[] = [];
  let switches = 0;
  let serving: Line = 'primary';
  let isLive = false;
  let isOpen = false;

  const arrive = (line: Line, { symbol, id = NaN, time }: Trade): void => {
    const ofSymbol = arrivals[line].get(symbol) ?? new Map<number, { order: number; time: number }>();
    arrivals[line].set(symbol, ofSymbol);
    ofSymbol.set(id, { order: (order += 1), time });
  };
  const turn = (event: FeedEvent, isRight: boolean): void => {
    if (!isRight) outOfTurn.push(JSON.stringify(event));
  };
  const say = (hole: Readonly<Hole> | undefined): void => {
    if (hole) holes.push({ ...hole });
    isOpen ||= hole !== undefined;
  };

  const account: Listener['account'] = (saidAt) => {
    const missing: string[] = [];
    const doubled: string[] = [];
    const disordered: string[] = [];
    const untold: string[] = [];
    let delivered = 0;
    let overtaken = 0;
    let holed = 0;
    const lines = ['primary', 'secondary'] as const;
    const isInHole = (since: number, until = since): boolean =>
      holes.some(({ from, to }) => until >= from && since <= to);
    const noArrivals: ReturnType<Arrivals['get']> & object = new Map();

    for (const symbol of new Set(lines.flatMap((line) => [...arrivals[line].keys()]))) {
      const of = (line: Line) => arrivals[line].get(symbol) ?? noArrivals;
      const said = emitted.get(symbol) ?? [];
      const isEmitted = new Set<number>();
      let last: (typeof said)[number] | undefined;
      for (const each of said) {
        const { id } = each;
        if (isEmitted.has(id)) doubled.push(`${symbol} ${id}`);
        else if (last && id < last.id) disordered.push(`${symbol} ${id}`);
        isEmitted.add(id);
        for (let lost = last ? last.id + 1 : id; lost < id; lost += 1) {
          if (lines.some((line) => of(line).has(lost))) continue;
          const [before, after] = [last?.time ?? NaN, each.time];
          // Neither has said when it was: between those that were emitted before and after it.
          if (lines.some((line) => isInHole(saidAt[line](before), saidAt[line](after)))) holed += 1;
          else untold.push(`${symbol} ${lost}`);
        }
        if (!last || id > last.id) last = each;
      }
      const ids = new Set(lines.flatMap((line) => [...of(line).keys()]));
      delivered += ids.size;
      for (const id of ids) {
        if (isEmitted.has(id)) continue;
        const first = Math.min(...lines.map((line) => of(line).get(id)?.order ?? Infinity));
        const { time = NaN } = of('primary').get(id) ?? of('secondary').get(id) ?? {};
        const isOvertaken = lines.some(
          (line) =>
            !of(line).has(id) &&
            isInHole(saidAt[line](time)) &&
            [...of(line)].some(([other, { order: at }]) => other > id && at <= first),
        );
        if (isOvertaken) overtaken += 1;
        else missing.push(`${symbol} ${id}`);
      }
    }
    return { delivered, overtaken, holed, switches, missing, doubled, disordered, untold, outOfTurn };
  };

  return {
    tapped: (line, feed$) => feed$.pipe(tap((event) => event.kind === 'trade' && arrive(line, event))),
    take: (event) => {
      if (event.kind === 'trade') {
        const said = emitted.get(event.symbol) ?? [];
        emitted.set(event.symbol, said);
        said.push({ id: event.id ?? NaN, time: event.time });
        turn(event, isLive && (!isStandby || event.feed === serving));
      } else if (event.kind === 'switched') {
        turn(event, event.from === serving && event.to !== serving && event.feed === event.to);
        serving = event.to;
        switches += 1;
        if (event.to === 'primary' && event.cause._tag === 'PrimaryFresh') returns.push(event.receivedAt);
        say(event.hole);
      } else if (event.kind === 'connected' || event.kind === 'disconnected') {
        turn(event, isLive === (event.kind === 'disconnected'));
        isLive = event.kind === 'connected';
        if (event.kind === 'connected') say(event.resumed);
      } else if (event.kind === 'subscribed' && isOpen) {
        const hole = holes.at(-1);
        if (hole) hole.to = Math.max(hole.to, event.receivedAt);
        isOpen = false;
      }
    },
    isLevel: () =>
      [...emitted].every(([symbol, said]) =>
        (['primary', 'secondary'] as const).every(
          (line) => [...(arrivals[line].get(symbol)?.keys() ?? [])].at(-1) === said.at(-1)?.id,
        ),
      ),
    returns: () => returns,
    account,
  };
};
