import { isObservable, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { FeedErrorData } from '../../model/errorData.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Kline } from '../../model/marketEvent.js';
import { streamDiff } from '../diff/streamDiff.js';
import { hasPart, like, shown, type Part } from '../diff/values.js';
import { checkLetters, type MarbleMessage } from '../feeds.js';
import { currentRun, marbles } from '../marbles.js';

/** What was emitted; `timed` when the frames are times and not mere numbers. */
export interface Emissions {
  readonly messages: readonly MarbleMessage[];
  readonly timed: boolean;
}

/** What can be looked at: a list, or an Observable that is subscribed to in virtual time. */
export type Emitting<E = unknown> = Observable<E> | readonly E[];

/** Whether it passes, and the message: of a failure, or of a success where `not` was asked for. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A list as a stream without times. */
const listed = (values: readonly unknown[]): readonly MarbleMessage[] =>
  values.map((value, frame) => ({ frame, notification: { kind: 'N', value } }));

/** The values that were emitted; throws the error that ended them. */
const valuesOf = ({ messages }: Emissions): readonly unknown[] =>
  messages.flatMap(({ notification }) => {
    if (notification.kind === 'E') throw notification.error;
    return notification.kind === 'N' ? [notification.value as unknown] : [];
  });

/**
 * Hands what `received` emits to `check`: at once for a list, and for an Observable outside of `marbles`, which is run in
 * virtual time of its own; inside of `marbles` when its test is over. Gives the result if there is one by now.
 */
export const whenEmitted = (
  received: unknown,
  check: (emissions: Emissions) => MatcherResult,
  later: (result: MatcherResult) => void,
): MatcherResult | undefined => {
  if (Array.isArray(received)) return check({ messages: listed(received as readonly unknown[]), timed: false });
  if (!isObservable(received)) throw new TypeError('this looks at a list or at an Observable');
  const wait = (report: (result: MatcherResult) => void): void => {
    const run = currentRun();
    if (!run) return marbles(() => wait(report))();
    const messages = run.watch(received);
    run.afterwards(() => report(check({ messages, timed: true })));
  };
  let result: MatcherResult | undefined;
  wait(currentRun() ? later : (found) => (result = found));
  return result;
};

/** Letters of a diagram, and what is expected of the events they stand for. */
export type Expectations<E> = Readonly<Record<string, Part<E>>>;

const reserved = { c: { kind: 'connected' }, x: { kind: 'disconnected' } };

/** Compares what was emitted with a diagram, or with a list of what is expected. Fields not named do not matter; any error fits `#`. */
export const checkEvents = (
  emissions: Emissions,
  expected: unknown,
  values: Expectations<unknown> = {},
  error: unknown = {},
): MatcherResult => {
  const diff =
    typeof expected === 'string'
      ? drawnDiff(emissions, expected, { ...reserved, ...values }, error)
      : streamDiff(inOrder(emissions), listed((expected as readonly unknown[]).map(like)), 'no.');
  return {
    pass: diff === undefined,
    message: () => diff ?? `what was emitted is ${JSON.stringify(expected)}, and should not be`,
  };
};

const drawnDiff = (
  { messages, timed }: Emissions,
  diagram: string,
  letters: Expectations<unknown>,
  error: unknown,
): string | undefined => {
  if (!timed) throw new TypeError('a diagram says when: it is expected of an Observable, not of a list');
  checkLetters(diagram, letters);
  return streamDiff(messages, parsed(diagram, letters, error));
};

/** Of a stream that is compared with a list only the order counts; an error is not a completion. */
const inOrder = ({ messages }: Emissions): readonly MarbleMessage[] =>
  messages.filter(({ notification }) => notification.kind !== 'C').map((message, frame) => ({ ...message, frame }));

/** A diagram in virtual milliseconds. */
const parsed = (diagram: string, letters: Expectations<unknown>, error: unknown): readonly MarbleMessage[] => {
  const values = Object.fromEntries(Object.entries(letters).map(([letter, part]) => [letter, like(part)]));
  return new TestScheduler(() => true).run(({ cold }) => cold(diagram, values, like(error)).messages);
};

/** How far figures may be apart, as absolute differences. */
export interface KlineTolerance {
  /**
   * Of open, high, low and close.
   *
   * @defaultValue `0`
   */
  readonly price?: number | undefined;
  /**
   * Of volume, turnover and missed volume.
   *
   * @defaultValue `0`
   */
  readonly volume?: number | undefined;
}

const prices: readonly string[] = ['open', 'high', 'low', 'close'];
const volumes: readonly string[] = ['volume', 'turnover', 'missedVolume'];

/** How many bars are described. */
const DESCRIBED = 8;

/** Compares bars, one by one; fields that are not named do not matter, nor does when a bar was received. */
export const checkKlines = (
  emissions: Emissions,
  expected: readonly Part<Kline>[],
  { price = 0, volume = 0 }: KlineTolerance = {},
): MatcherResult => {
  const allowed = (field: string): number => (prices.includes(field) ? price : volumes.includes(field) ? volume : 0);
  const fits = (field: string, is: unknown, ought: unknown): boolean =>
    hasPart(is, ought) || (typeof is === 'number' && typeof ought === 'number' && isWithin(is, ought, allowed(field)));
  const wrongIn = (is: Part<Kline>, ought: Part<Kline>): readonly string[] =>
    Object.entries(ought).flatMap(([field, value]: [string, unknown]) => {
      const found = is[field as keyof Kline];
      if (field === 'receivedAt' || fits(field, found, value)) return [];
      const margin = allowed(field) > 0 ? ` within ${allowed(field)}` : '';
      return [`    ${field}: received ${shown(found)}, expected ${shown(value)}${margin}`];
    });

  const bars = valuesOf(emissions) as readonly Kline[];
  const wrong = Array.from({ length: Math.max(bars.length, expected.length) }, (_, index) => index).flatMap((index) => {
    const [is, ought] = [bars[index], expected[index]];
    if (is === undefined) return [`bar ${index} did not come: ${shown(ought)}`];
    if (ought === undefined) return [`bar ${index} was not expected: ${nameOf(is)}`];
    const fields = wrongIn(is, ought);
    return fields.length > 0 ? [[`bar ${index}, ${nameOf(is)}`, ...fields].join('\n')] : [];
  });
  const more = wrong.length > DESCRIBED ? [`and ${wrong.length - DESCRIBED} more that differ`] : [];
  return {
    pass: wrong.length === 0,
    message: () =>
      wrong.length === 0
        ? `the ${bars.length} bars are equal, and should not be`
        : [`received ${bars.length} bars, expected ${expected.length}`, ...wrong.slice(0, DESCRIBED), ...more].join(
            '\n',
          ),
  };
};

const nameOf = ({ interval, symbol, openTime }: Kline): string => `${interval} ${symbol} from ${openTime}`;

/** What decimals lose as binary fractions is not counted: 10.3 is within 0.1 of 10.2. */
const isWithin = (a: number, b: number, allowed: number): boolean =>
  a === b || (allowed > 0 && Math.abs(a - b) <= allowed + Number.EPSILON * Math.max(Math.abs(a), Math.abs(b)));

/** A hole in the events of one provider. */
export interface GapFacts {
  readonly provider: string;
  /** When data last arrived over the lost link, epoch milliseconds. */
  readonly from: number;
  /** When the link was back; undefined while it is not. */
  readonly to: number | undefined;
  /** What ended the link; undefined if only its return was received. */
  readonly cause: FeedErrorData | undefined;
}

/** The gaps in a stream of events, in the order in which they began; attempts before the first connection do not count. */
export const gapsIn = (events: readonly FeedEvent[]): readonly GapFacts[] => {
  const gaps: GapFacts[] = [];
  const open = new Map<string, GapFacts>();
  const lastReceivedAt = new Map<string, number>();
  for (const event of events) {
    const { kind, provider, receivedAt } = event;
    const gap = open.get(provider);
    const from = lastReceivedAt.get(provider);
    if (kind === 'disconnected') {
      if (gap || from === undefined) continue;
      const begun = { provider, from, to: undefined, cause: event.cause };
      open.set(provider, begun);
      gaps.push(begun);
      continue;
    }
    lastReceivedAt.set(provider, receivedAt);
    if (kind !== 'connected') continue;
    open.delete(provider);
    if (gap) gaps[gaps.indexOf(gap)] = { ...gap, ...(event.resumed ?? { to: receivedAt }) };
    else if (event.resumed) gaps.push({ provider, ...event.resumed, cause: undefined });
  }
  return gaps;
};

/** Whether one of the holes has all the expected fields. */
export const checkGap = (emissions: Emissions, gap: Part<GapFacts> = {}): MatcherResult => {
  const gaps = gapsIn(valuesOf(emissions) as readonly FeedEvent[]);
  const found = gaps.length === 0 ? 'there is no gap' : ['the gaps are', ...gaps.map(described)].join('\n    ');
  const pass = gaps.some((one) => hasPart(one, gap));
  return {
    pass,
    message: () =>
      pass ? `no gap like ${shown(gap)} was expected, but ${found}` : `no gap is like ${shown(gap)}: ${found}`,
  };
};

const described = ({ provider, from, to, cause }: GapFacts): string =>
  `${provider}, ${from} to ${to ?? 'the end'}${cause ? `, ${cause._tag}: ${cause.message}` : ''}`;
