import { asyncScheduler, Subscription, timer, type Subscriber } from 'rxjs';
import { NORMAL } from '../model/closeCodes.js';
import { flattenError } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import type { Connected, Disconnected, FeedEvent, Line, Switched, SymbolData } from '../model/feedEvent.js';
import { isMarketEvent, isOwnData } from '../model/feedEvent.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { steadyClock } from '../model/steadyClock.js';
import { inOrder } from '../share/inOrder.js';
import type { Feed } from '../share/shareFeed.js';
import { divergence } from './divergence.js';
import { doubts } from './doubts.js';
import { holdsOf } from './holds.js';
import { closeLine, comeUp, forgetTopics, isGone, namedAs, namesOf, newLine, type LineState } from './lineState.js';
import { listenInOrder } from './listenInOrder.js';
import { outputTo } from './output.js';
import { returns } from './returns.js';
import type { StandbySettings } from './StandbyOptions.js';
import { silences } from './silences.js';
import { PATIENCE } from './sides.js';
import { twins } from './twins.js';

const everySymbol = (): boolean => true;

/** Serves one of two lines to a subscriber, and the other one when that fails. */
export const serving = (
  feeds: Readonly<Record<Line, Feed>>,
  settings: StandbySettings,
  subscriber: Subscriber<FeedEvent>,
): void => {
  const { after, isHot, stale, backAfter } = settings;
  const lines: Readonly<Record<Line, LineState>> = { primary: newLine('primary'), secondary: newLine('secondary') };
  const steady = steadyClock(() => asyncScheduler.now());
  const { enter } = inOrder();
  const output = outputTo(subscriber);
  const { emit } = output;
  const doubt = doubts();
  const holds = holdsOf(stale !== undefined);
  const compare = settings.diverged && divergence(settings.diverged);
  /** Who serves all symbols but those that are with the other line. */
  let main: Line = 'primary';
  /** Whether both are of one provider, and compared. */
  let isSame = false;
  /** The loss of the line that serves, while it may still come back unseen. */
  let loss: Disconnected | undefined;
  let waiting = new Subscription();
  /** Whether the line that serves has been gone for long enough. */
  let isDue = false;
  let releasing: Subscription | undefined;

  const other = ({ line }: LineState): LineState => (line === 'primary' ? lines.secondary : lines.primary);
  const serves = (line: LineState, symbol: string): boolean => silent.lineOf(symbol, main) === line.line;
  const later = (wait: number, task: () => void): Subscription => {
    const due = timer(Math.min(Math.max(0, wait), LONGEST_TIMER)).subscribe(() => enter(task, undefined));
    subscriber.add(due);
    return due;
  };

  const pair = twins<SymbolData>({
    preferred: 0,
    onRepeat: doubt.overlap,
    emit: (event, side) => {
      const server = lines[silent.lineOf(event.symbol, main)];
      emit((side === server.side ? event : namedAs(server, event)) as FeedEvent);
    },
    onHold: () => {
      if (releasing && !releasing.closed) return;
      releasing = later(PATIENCE, () => pair.release(asyncScheduler.now() - PATIENCE));
    },
  });

  const silent = silences(settings, {
    lines,
    enter,
    life: subscriber,
    promote: (to, symbols, reason) => promote(to, symbols, reason),
  });

  const returning = returns({
    lines,
    silent,
    backAfter,
    steady,
    later,
    main: () => main,
    promote: (to, symbols, reason) => promote(to, symbols, reason),
  });

  const hear = (line: LineState, event: FeedEvent): void => {
    if (subscriber.closed) return;
    if (!line.names) {
      line.names = event;
      isSame = isHot && other(line).names?.provider === event.provider;
      // Of one provider there is one book: what was emitted.
      if (isSame) for (const book of lines[main].books.all(everySymbol)) pair.begin(lines[main].side, book);
    }
    if (line.isUp && event.kind !== 'disconnected') doubt.heard(line.side, event.receivedAt);
    if (isMarketEvent(event) || isOwnData(event)) return hearData(line, event);
    if (event.kind === 'connected') {
      silent.hear(line, event);
      return up(line, event);
    }
    if (event.kind === 'disconnected') {
      line.loss = event;
      line.cause = event.cause;
      silent.hear(line, event);
      return down(line);
    }
    line.heardAt = Math.max(line.heardAt, event.receivedAt);
    if (line.isUp && line.line === main) holds.clearLink();
    line.isServing = line.line === main || silent.hasAny(line.line);
    output.news(line, event);
  };

  const hearData = (line: LineState, event: FeedEvent & SymbolData): void => {
    line.heardAt = Math.max(line.heardAt, event.receivedAt);
    if (!line.isUp) up(line, undefined);
    if (subscriber.closed) return;
    if (!line.hasData) {
      line.hasData = true;
      if (line.line === 'primary') returning.plan();
    }
    if (event.kind === 'depth' && isHot && !isSame) line.books.take(event);
    silent.hear(line, event);
    if (isSame) pair.said(line.side, event);
    else if (serves(line, event.symbol)) {
      holds.clear(event);
      emit(event);
    } else if (isHot || silent.isActive) {
      holds.hold(event);
      silent.look(line, event.symbol);
    }
    if (isSame) silent.look(line, event.symbol);
    const apart = compare?.(line.line, event);
    if (apart) emit({ kind: 'diverged', ...namesOf(lines[main]), receivedAt: asyncScheduler.now(), ...apart });
  };

  const up = (line: LineState, event: Connected | undefined): void => {
    const { heardAt, isUp: wasUp } = line;
    comeUp(line, event, steady());
    pair.up(line.side);
    const rest = other(line);
    const hole = line.line === main ? doubt.take(line.side) : undefined;
    if (isSame && !wasUp && !hole && output.said() === 'connected')
      doubt.begin(rest.side, Math.max(heardAt, rest.heardAt), line.upSince);
    if (line.line !== main) {
      if (!lines[main].isUp && (isDue || output.said() === 'disconnected')) promote(line.line, 'all');
      else returning.plan();
      return;
    }
    waiting.unsubscribe();
    isDue = false;
    const lossBefore = loss;
    loss = undefined;
    if (output.said() !== 'connected') return sayUp(line);
    if (wasUp || lossBefore === undefined) return event && emit(event);
    if (isSame && rest.isUp) {
      if (hole) output.hole(line, lossBefore, hole);
      return pair.take(rest.side, false);
    }
    holds.clearAll();
    emit(lossBefore);
    sayUp(line, heardAt);
    release();
  };

  const sayUp = (line: LineState, from?: number): void => {
    output.up(line, from);
    if (isSame) pair.take(line.side, true);
  };

  const down = (line: LineState): void => {
    const wasUp = line.isUp;
    const rest = other(line);
    line.isUp = false;
    forgetTopics(line);
    if (line.line === 'primary') returning.cancel();
    const isMain = line.line === main;
    if (isMain && wasUp) loss = line.loss;
    if (!lines[main].isUp && !rest.isUp && isGone(lines.primary) && isGone(lines.secondary)) sayDown();
    else if (isMain) {
      if (line.isOver) due();
      else if ((wasUp || waiting.closed) && !isDue) {
        waiting.unsubscribe();
        waiting = later(after, due);
      }
    } else if (rest.isUp) {
      const hole = doubt.take(line.side);
      if (isSame && hole) output.hole(rest, line.loss ?? rest.loss, hole);
      if (silent.hasAny(line.line)) promote(rest.line, silent.symbolsOf(line.line));
      if (isSame) pair.take(rest.side, true);
      if (!line.isLossSaid) {
        line.isLossSaid = true;
        const { cause } = line as { readonly cause: Exclude<Switched['cause'], { _tag: 'Stale' | 'PrimaryFresh' }> };
        emit({ kind: 'standbyLost', ...namesOf(line), receivedAt: asyncScheduler.now(), cause });
      }
    }
    pair.down(line.side);
  };

  /** Neither line has a link. */
  const sayDown = (): void => {
    if (output.said() === 'disconnected') return;
    const server = lines[main];
    const event = server.isOver ? other(server).loss : (server.loss ?? other(server).loss);
    if (event === undefined) return;
    loss = undefined;
    waiting.unsubscribe();
    holds.clearAll();
    pair.reset();
    const from = isSame ? Math.max(server.heardAt, other(server).heardAt) : server.heardAt;
    output.down(server, event, from, doubt.takeAll());
  };

  /** The line that serves has been gone for as long as it may. */
  const due = (): void => {
    const server = lines[main];
    if (server.isUp) return;
    isDue = true;
    waiting.unsubscribe();
    const next = other(server);
    if (next.isUp) promote(next.line, 'all');
    else if (!next.life && !next.isOver) start(next);
  };

  const promote = (to: Line, symbols: Switched['symbols'], reason?: Switched['cause']): void => {
    const next = lines[to];
    const server = other(next);
    const isAll = symbols === 'all';
    const isOf = isAll ? everySymbol : silent.among(symbols);
    const isForced = reason?._tag !== 'PrimaryFresh';
    const cause = reason ?? server.cause;
    const heardAt = silent.heardAt(server, symbols, reason?._tag === 'Stale');
    const inDoubt = isAll && !server.isUp ? doubt.take(server.side) : undefined;
    const since = output.said() === 'disconnected' ? output.lostAt() : Math.min(heardAt, inDoubt?.from ?? Infinity);
    const hole = isForced && output.wasLive() ? holeOf(next, since) : undefined;
    if (isAll) {
      main = to;
      loss = undefined;
      isDue = false;
      waiting.unsubscribe();
      // The switch tells of that loss.
      server.isLossSaid = !server.isUp;
    }
    silent.assign(to, symbols, main);
    output.switched(next, server, { symbols, cause, ...(hole && { hole }) });
    if (output.said() !== 'connected') sayUp(next);
    output.topics(next, isOf, isAll);
    if (isSame) pair.take(next.side, true, isAll ? undefined : isOf);
    const held = holds.take(isOf, since);
    if (isForced) for (const event of held) if (event.kind !== 'depth') emit(event as FeedEvent);
    for (const book of isSame ? pair.books(next.side, isOf) : next.books.all(isOf)) emit(namedAs(next, book));
    release();
    returning.plan();
  };

  const holeOf = ({ upSince }: LineState, from: number): Switched['hole'] => {
    const truncatedAt = isSame ? pair.truncatedAt() : holds.truncatedAt();
    const to = Math.max(upSince, truncatedAt);
    return to > from && from > -Infinity ? { from, to } : undefined;
  };

  /** A cold line is closed as soon as it is not needed. */
  const release = (): void => {
    const { secondary } = lines;
    if (isHot || main === 'secondary' || silent.needs('secondary') || !secondary.life || secondary.isOver) return;
    closeLine(secondary);
    holds.clearAll();
  };

  const end = (line: LineState, ...failed: readonly [unknown?]): void => {
    line.isOver = true;
    if (other(line).isOver) return failed.length > 0 ? subscriber.error(failed[0]) : subscriber.complete();
    line.cause = flattenError(failed.length > 0 ? failed[0] : new ConnectionLost(NORMAL, 'the stream completed'));
    down(line);
  };

  const start = (line: LineState): void => {
    const life = (line.life = new Subscription());
    subscriber.add(life);
    const next = (event: FeedEvent): void => hear(line, event);
    const error = (thrown: unknown): void => end(line, thrown);
    listenInOrder(feeds[line.line], { next, error, complete: () => end(line) }, enter, life);
  };

  silent.begin({
    start: () => lines.secondary.life ?? start(lines.secondary),
    release,
    planReturn: returning.plan,
    main: () => main,
  });
  // A link that does not come is as good as lost.
  waiting = later(after, due);
  start(lines.primary);
  if (isHot && !subscriber.closed) start(lines.secondary);
};
