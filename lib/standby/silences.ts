import { asyncScheduler, timer, type Subscription } from 'rxjs';
import type { FeedEvent, Line, Switched } from '../model/feedEvent.js';
import { isInDoubt, isMarketEvent } from '../model/feedEvent.js';
import { steadyClock } from '../model/steadyClock.js';
import { byTheClock } from '../operators/byTheClock.js';
import { bySymbol } from '../operators/bySymbol.js';
import { keepStaleness, type Staleness } from '../operators/staleness/keepStaleness.js';
import type { LineState } from './lineState.js';
import { PATIENCE } from './sides.js';
import type { StandbySettings } from './StandbyOptions.js';

/** What is known of one symbol on both lines. */
interface Known {
  readonly symbol: string;
  /** The line that serves it, where that is not the one that serves the rest. */
  own: Line | undefined;
  /** Whether the line that serves it is silent. */
  isWanting: boolean;
  readonly isStale: Record<Line, boolean>;
  /** Since when it is not, by the steady clock. */
  readonly freshSince: Record<Line, number>;
  readonly words: Words;
  /** Whether it is looked at again when the other line has been ahead for long enough. */
  isDue: boolean;
}

/** When each line spoke. */
interface Words {
  /** When data last came. */
  readonly at: Record<Line, number>;
  /** Since when the line has said what the other one has not; `Infinity` where there is nothing. */
  readonly ahead: Record<Line, number>;
}

interface Context {
  readonly lines: Readonly<Record<Line, LineState>>;
  readonly enter: <A>(task: (subject: A) => void, subject: A) => void;
  readonly life: Subscription;
  readonly promote: (to: Line, symbols: Switched['symbols'], reason: Switched['cause']) => void;
}

/** What has to be done when a line falls silent, or speaks again. */
interface Tasks {
  readonly start: () => void;
  readonly release: () => void;
  readonly planReturn: () => void;
  readonly main: () => Line;
}

/**
 * Which symbols are silent on which line, and which of them the line serves that does not serve the rest. Without `stale` there is
 * none.
 */
export const silences = ({ stale, after }: StandbySettings, { lines, enter, life, promote }: Context) => {
  const table = bySymbol<Known>();
  const steady = steadyClock(() => asyncScheduler.now());
  const isActive = stale !== undefined;
  let tasks: Tasks | undefined;
  let ownCount = 0;
  let wanting = 0;
  /** Whether all that the line that serves has is silent. */
  let isAllSilent = false;
  /** Of all symbols together. */
  const all: Pick<Known, 'words' | 'isDue'> = { words: newWords(), isDue: false };
  /** Two vendors that are well say the same so far apart at most, in milliseconds. */
  const patience = Math.min(PATIENCE, Math.floor(after / 3));
  const reason: Switched['cause'] = { _tag: 'Stale', message: `silent for ${after} ms while the other line spoke` };

  const knownOf = (symbol: string): Known =>
    table.find(symbol) ??
    table.add(symbol, {
      symbol,
      own: undefined,
      isWanting: false,
      isStale: { primary: false, secondary: false },
      freshSince: { primary: Infinity, secondary: Infinity },
      words: newWords(),
      isDue: false,
    });
  const lineOf = (symbol: string, main: Line): Line => (ownCount === 0 ? main : (table.find(symbol)?.own ?? main));
  const want = (known: Known, isWanting: boolean): void => {
    if (known.isWanting !== isWanting) wanting += isWanting ? 1 : -1;
    known.isWanting = isWanting;
  };
  const own = (known: Known, line: Line | undefined): void => {
    ownCount += (line === undefined ? 0 : 1) - (known.own === undefined ? 0 : 1);
    known.own = line;
  };
  const otherThan = (line: Line): Line => (line === 'primary' ? 'secondary' : 'primary');

  const hearWords = ({ at, ahead }: Words, line: Line, receivedAt: number): void => {
    const other = otherThan(line);
    at[line] = receivedAt;
    ahead[other] = Infinity;
    // So soon after the other line it may be the same news, and not news of a symbol that trades seldom.
    if (ahead[line] === Infinity && receivedAt > at[other] + patience) ahead[line] = receivedAt;
  };

  /**
   * Whether the line has said what the other one has had the time to say, and has not. What was said before a break of the market is
   * not news.
   */
  const isAhead = (of: Pick<Known, 'words' | 'isDue'>, line: Line, look: () => void): boolean => {
    const now = asyncScheduler.now();
    const { at, ahead } = of.words;
    if (ahead[line] === Infinity || now - at[line] > after) return false;
    const wait = ahead[line] + patience - now;
    if (wait <= 0) return true;
    if (of.isDue) return false;
    of.isDue = true;
    life.add(
      timer(wait).subscribe(() => {
        of.isDue = false;
        enter(look, undefined);
      }),
    );
    return false;
  };

  /** The other line takes over what it has spoken of since the one that serves was last heard. */
  const consider = (known: Known | undefined): void => {
    const main = tasks?.main() ?? 'primary';
    if (isAllSilent && lines[main].isUp) {
      const next = otherThan(main);
      if (lines[next].isUp && isAhead(all, next, () => consider(undefined))) return promote(next, 'all', reason);
    }
    if (!known?.isWanting) return;
    const server = known.own ?? main;
    const next = otherThan(server);
    if (lines[server].isUp && lines[next].isUp && isAhead(known, next, () => consider(known)))
      promote(next, [known.symbol], reason);
  };

  const changed = (line: LineState, change: Staleness): void => {
    const main = tasks?.main() ?? 'primary';
    const isStale = change.state === 'stale';
    if (change.scope === 'link') {
      line.freshSince = isStale ? Infinity : steady();
      if (line.line === main) isAllSilent = isStale && line.isUp;
      if (isAllSilent) tasks?.start();
      if (isAllSilent) consider(undefined);
    } else {
      const known = knownOf(change.symbol);
      known.isStale[line.line] = isStale;
      known.freshSince[line.line] = isStale ? Infinity : steady();
      if (lineOf(change.symbol, main) === line.line) {
        want(known, isStale);
        if (isStale) tasks?.start();
        else tasks?.release();
        consider(known);
      }
    }
    if (line.line === 'primary') tasks?.planReturn();
  };

  const watchOf = (line: LineState) => {
    if (!stale) return undefined;
    const keeper = keepStaleness(stale, (change) => changed(line, change));
    return byTheClock<FeedEvent>(keeper, life, (look) => enter(look, undefined));
  };
  const watches = { primary: watchOf(lines.primary), secondary: watchOf(lines.secondary) };

  return {
    lineOf,
    begin: (given: Tasks): void => void (tasks = given),
    /** Whether silence counts. */
    isActive,
    /** A line says it. */
    hear: (line: LineState, event: FeedEvent): void => {
      if (!isActive) return;
      if (isMarketEvent(event) && !isInDoubt(event)) {
        hearWords(all.words, line.line, event.receivedAt);
        hearWords(knownOf(event.symbol).words, line.line, event.receivedAt);
      }
      watches[line.line]?.(event);
    },
    /** A line that does not serve the symbol has said something of it. */
    look: (line: LineState, symbol: string): void => {
      if (wanting === 0 && !isAllSilent) return;
      const known = table.find(symbol);
      if (lineOf(symbol, tasks?.main() ?? 'primary') !== line.line) consider(known);
    },
    /** Whether a line serves some symbols that the other one does not. */
    hasAny: (line: Line): boolean => ownCount > 0 && [...table.values()].some((known) => known.own === line),
    symbolsOf: (line: Line): readonly string[] =>
      [...table.values()].flatMap((known) => (known.own === line ? known.symbol : [])),
    /** Whether a cold line is of use. */
    needs: (line: Line): boolean =>
      wanting > 0 || isAllSilent || [...table.values()].some((known) => known.own === line),
    /** Whether a symbol is one of these. */
    among: (symbols: readonly string[]): ((symbol: string) => boolean) => {
      const those = bySymbol<true>();
      for (const symbol of symbols) if (!those.find(symbol)) those.add(symbol, true);
      return (symbol) => those.find(symbol) === true;
    },
    assign: (to: Line, symbols: Switched['symbols'], main: Line): void => {
      const those = symbols === 'all' ? [...table.values()] : symbols.map(knownOf);
      for (const known of those) {
        own(known, to === main ? undefined : to);
        want(known, false);
      }
      if (symbols === 'all') isAllSilent = false;
    },
    /** When the data last came that are missing since. */
    heardAt: (line: LineState, symbols: Switched['symbols'], isSilence: boolean): number => {
      if (!isSilence) return line.heardAt;
      if (symbols === 'all') return all.words.at[line.line];
      return Math.min(...symbols.map((symbol) => knownOf(symbol).words.at[line.line]));
    },
    /** Since when the first symbol is fresh again that the secondary serves alone; `Infinity` where there is none. */
    freshSince: (): number =>
      [...table.values()].reduce(
        (least, known) => (known.own === 'secondary' ? Math.min(least, known.freshSince.primary) : least),
        Infinity,
      ),
    /** What goes back to the primary: what has been fresh there since `before`. */
    returning: (main: Line, before: number): Switched['symbols'] => {
      if (!isActive) return 'all';
      const mine = [...table.values()].filter((known) => (known.own ?? main) === 'secondary');
      const fit = mine.filter((known) =>
        main === 'secondary' ? !known.isStale.primary : known.freshSince.primary <= before,
      );
      return main === 'secondary' && fit.length === mine.length ? 'all' : fit.map(({ symbol }) => symbol);
    },
  };
};

const newWords = (): Words => ({
  at: { primary: -Infinity, secondary: -Infinity },
  ahead: { primary: Infinity, secondary: Infinity },
});
