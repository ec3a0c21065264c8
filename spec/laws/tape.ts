import type fc from 'fast-check';
import { quotes, trades, type FeedEvent, type Quote, type Topic, type Trade } from '../../lib/index.js';
import { connectedAt, disconnectedAt, quoteAt, subscribedAt, tradeAt, unsubscribedAt } from './events.js';
import { FIRST, genes, happened, type Execution, type Genes, type Instrument } from './market.js';
import { DAY, HOUR, MINUTE, SECOND } from './stage.js';

/** Something that is said at a moment; `receivedAt` is older where a late joiner hears it again. */
export interface Said {
  readonly at: number;
  readonly event: FeedEvent;
}

/** What came of an execution. */
export interface Delivered {
  readonly execution: Execution;
  readonly day: number;
  readonly at: number;
  readonly kind: 'trade' | 'quote';
  /** The figure it told, in units. */
  readonly figure: number | undefined;
  /** Whether its stamp was true. */
  readonly isTrueTime: boolean;
}

/** A time in which data of an instrument could flow. */
export type Live = readonly (readonly [from: number, to: number])[];

export interface Told extends Instrument {
  readonly topics: readonly Topic[];
  readonly live: Live;
  readonly delivered: readonly Delivered[];
}

export interface Tape {
  readonly genes: Genes;
  readonly said: readonly Said[];
  readonly told: readonly Told[];
  readonly from: number;
  readonly until: number;
}

/** What the way takes: a time that is not that of receipt is the vendor's own. */
const WAY = 20;

const strays: readonly ((time: number) => number)[] = [
  (time) => time / 1_000,
  (time) => time * 1_000,
  (time) => time * 1_000_000,
  () => NaN,
  () => Infinity,
  () => 0,
  () => -1,
  () => 1e300,
  (time) => time + 40 * MINUTE,
  (time) => time + 5 * HOUR,
  (time) => time + 30 * DAY,
  (time) => time + 365 * DAY,
];

/** The one that is the least ahead. */
const SHORT = 8;

/** Those of them that are no time in any unit. */
const TIMELESS: ReadonlySet<number> = new Set([3, 4, 5, 6, 7]);

interface Link {
  readonly from: number;
  readonly outages: readonly {
    readonly down: number;
    readonly noticed: number;
    readonly up: number;
    readonly served: number;
  }[];
}

const pick = <T>(list: readonly T[], thousandth: number): T => list[Math.floor((thousandth / 1_000) * list.length)]!;

/** Outages of a feed, in order and apart. */
const linkOf = (moments: readonly number[], from: number, given: Genes['outages'], saysSubscribed: boolean): Link => {
  const outages: Link['outages'][number][] = [];
  let free = from + SECOND;
  const sorted = given
    .map((outage) => ({ ...outage, at: pick(moments, outage.after) + outage.offset }))
    .sort((a, b) => a.at - b.at);
  for (const { at, noticed, down, served } of sorted) {
    if (at <= free) continue;
    const up = at + noticed + down;
    free = up + (saysSubscribed ? served : 0);
    outages.push({ down: at, noticed: at + noticed, up, served: free });
    free += SECOND;
  }
  return { from, outages };
};

const channelsOf = ({ style, venue: { symbols } }: Instrument): Topic[] => {
  const [symbol] = symbols;
  return style === 'quote'
    ? quotes(symbol)
    : style.includes('quote')
      ? [...quotes(symbol), ...trades(symbol)]
      : trades(symbol);
};

/** When data of an instrument could flow: on a live link, while it is wanted, from the vendor's word on. */
const liveOf = ({ from, outages }: Link, out: readonly [number, number] | undefined): Live => {
  const starts = [from, ...outages.map(({ served }) => served)];
  const ends = [...outages.map(({ down }) => down), Infinity];
  return starts.flatMap((start, i) => {
    const end = ends[i]!;
    if (!out || out[0] >= end || out[1] <= start) return [[start, end] as const];
    return [[start, Math.max(start, out[0])] as const, [Math.min(end, out[1]), end] as const].filter(([a, b]) => b > a);
  });
};

export const isLive = (live: Live, at: number): boolean => live.some(([from, to]) => at >= from && at < to);

/** What is said of an instrument, with what is lost on the way. */
const tell = (instrument: Instrument, live: Live, delay: number): { said: Said[]; delivered: Delivered[] } => {
  const { venue, style, decimal, inTwoSpellings, before, days } = instrument;
  const said: Said[] = [];
  const delivered: Delivered[] = [];
  let count = 0;
  const name = (): string => venue.symbols[inTwoSpellings ? (count += 1) % 2 : 0]!;
  const say = (at: number, event: Quote | Trade): boolean => {
    if (!isLive(live, at)) return false;
    said.push({
      at,
      event: { ...event, symbol: name(), provider: venue.feed.split(':')[0]!, feed: venue.feed, receivedAt: at },
    });
    return true;
  };
  const [symbol] = venue.symbols;
  const first = days[0]!.executions[0]!;
  if (style.includes('quote')) {
    const early = first.at - 10 * MINUTE;
    if (before === 'zero') say(early + delay, quoteAt(symbol, early, 0, { volume: 0 }));
    if (before === 'previous close') say(early + delay, quoteAt(symbol, early, 9.8, { volume: 0, previousClose: 9.8 }));
    if (before === 'yesterday')
      say(early + delay, quoteAt(symbol, early - DAY + 5 * HOUR, 9.8, { volume: decimal(777_777) }));
  }
  for (const { day, executions } of days) {
    const state: { opened: boolean; figure?: number } = { opened: false };
    for (const execution of executions) {
      const { at, price, units, sofar, step } = execution;
      const noise = step.noise;
      const lastFigure = state.figure;
      const isLate = step.fate === 'late' && (state.opened || style === 'size' || style === 'both');
      // One that is ahead by no more than it is late has a time that may well be true.
      const stray = isLate && step.stray === SHORT ? SHORT + 1 : step.stray;
      const time = noise === 'stray' ? strays[stray]!(at + delay) : at;
      // A first trade that is a minute late cannot be told from one of a delayed feed.
      const lateness = state.opened ? 2_500 + 40 * step.gap : 2_500 + (step.gap % 50_000);
      const heardAt = at + delay + WAY;
      const received = heardAt + (isLate ? lateness : 0);
      const tellOne = (kind: 'trade' | 'quote', received: number): void => {
        const figure = kind === 'quote' || style === 'figure' || style === 'both' ? sofar : undefined;
        const volume = figure === undefined ? {} : { volume: decimal(figure) };
        const event =
          kind === 'quote'
            ? quoteAt(symbol, at, price, volume)
            : tradeAt(symbol, at, price, {
                ...volume,
                ...(style !== 'figure' && { size: decimal(units) }),
                ...(noise === 'volumeOnly' && { volumeOnly: true }),
              });
        if (!say(received, { ...event, time })) return;
        state.opened = true;
        if (figure !== undefined) state.figure = Math.max(state.figure ?? 0, figure);
        delivered.push({ execution, day, at: received, kind, figure, isTrueTime: noise !== 'stray' });
        // A stamp that is no time at all does not tell an execution that is sent twice from two.
        if ((step.fate === 'twice' && !(noise === 'stray' && TIMELESS.has(step.stray))) || noise === 'cached')
          say(received + (noise === 'cached' ? 400 : 0), { ...event, time });
      };
      if (noise === 'zero' && state.opened) {
        const zero = style.includes('quote') ? quoteAt(symbol, at, 0, { volume: 0 }) : tradeAt(symbol, at, 0);
        say(heardAt, zero);
      }
      if (noise === 'size 0' && !style.startsWith('quote') && style !== 'figure') {
        const volume = style === 'both' && lastFigure !== undefined ? { volume: decimal(lastFigure) } : {};
        if (style !== 'both' || lastFigure !== undefined)
          say(heardAt, tradeAt(symbol, at, price * 2, { size: 0, ...volume }));
      }
      if (
        noise === 'correction' &&
        lastFigure !== undefined &&
        style !== 'size' &&
        style !== 'both' &&
        step.fate === 'heard'
      ) {
        const volume = decimal(lastFigure - Math.min(3, Math.floor(lastFigure / 4)));
        say(
          heardAt,
          style === 'figure' ? tradeAt(symbol, at, price, { volume }) : quoteAt(symbol, at, price, { volume }),
        );
      }
      if (step.fate === 'lost') {
        // The trade is lost; the quote of a pair still tells.
        if (style.includes(',')) tellOne('quote', received + 5 * style.split(', ').indexOf('quote'));
        continue;
      }
      const kinds = style === 'quote' ? ['quote'] : style.includes(',') ? style.split(', ') : ['trade'];
      for (const [i, kind] of kinds.entries()) tellOne(kind as 'trade' | 'quote', received + 5 * i);
    }
  }
  return { said, delivered };
};

/** A tape, made of its genes. */
export const tapeOf = (given: Genes): Tape => {
  const { outages, joined, saysSubscribed, watchers, joinsLate, delay } = given;
  const instruments = given.instruments.map(happened);
  const said: Said[] = [];
  const feeds = [...new Set(instruments.map(({ venue }) => venue.feed))];
  const told = feeds.flatMap((feed, index) => {
    const own = instruments.filter(({ venue }) => venue.feed === feed);
    const moments = own
      .flatMap(({ days }) => days.flatMap(({ executions }) => executions.map(({ at }) => at + delay)))
      .sort((a, b) => a - b);
    const from = joined === 'before' ? FIRST - 12 * HOUR : pick(moments, 400) - 1;
    // Only the first feed has outages: the others are to stay untouched by them.
    const link = linkOf(moments, from, index === 0 ? outages : [], saysSubscribed);
    const source = { provider: feed.split(':')[0]!, feed };
    const twice = (at: number, event: FeedEvent): void => {
      for (let i = 0; i < watchers; i++) said.push({ at, event: { ...event } });
    };
    const spans = own.map((instrument) => {
      const topics = channelsOf(instrument);
      const { out } = instrument;
      const leaves = out && pick(moments, out.after) + 1;
      const isQuiet = (at: number): boolean =>
        at > from + SECOND && link.outages.every(({ down, served }) => at < down || at > served);
      const away =
        saysSubscribed &&
        out &&
        leaves &&
        isQuiet(leaves) &&
        isQuiet(leaves + out.away) &&
        link.outages.every(({ down, served }) => served < leaves || down > leaves + out.away)
          ? ([leaves, leaves + out.away] as const)
          : undefined;
      return { instrument, topics, away };
    });
    const subscribe = (at: number): void => {
      if (!saysSubscribed) return;
      const topics = spans.filter(({ away }) => !away || at < away[0] || at >= away[1]).flatMap(({ topics }) => topics);
      twice(at, subscribedAt(at, topics, source));
    };
    const first = connectedAt(from, undefined, source);
    twice(from, first);
    subscribe(from);
    for (const { down, noticed, up, served } of link.outages) {
      twice(noticed, disconnectedAt(noticed, source));
      const back = connectedAt(up, { from: down }, source);
      twice(up, back);
      subscribe(served);
      if (joinsLate) said.push({ at: served + 700, event: { ...back } });
    }
    if (joinsLate && link.outages.length === 0) said.push({ at: pick(moments, 500), event: { ...first } });
    return spans.map(({ instrument, topics, away }): Told => {
      if (away) {
        twice(away[0], unsubscribedAt(away[0], topics, source));
        twice(away[1], subscribedAt(away[1], topics, source));
      }
      const live = liveOf(link, away);
      const { said: words, delivered } = tell(instrument, live, delay);
      said.push(...words);
      return { ...instrument, topics, live, delivered };
    });
  });
  const ordered = said.map((word, index) => ({ ...word, index })).sort((a, b) => a.at - b.at || a.index - b.index);
  const moments = ordered.map(({ at }) => at);
  return {
    genes: given,
    said: ordered.map(({ at, event }) => ({ at, event })),
    told,
    from: moments[0]!,
    until: moments.at(-1)! + 3 * MINUTE,
  };
};

export const aTape: fc.Arbitrary<Tape> = genes.map(tapeOf);
