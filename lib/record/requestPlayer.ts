import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import type { HistoryAnswer, HistoryFetch } from '../history/HistoryFetch.js';
import type { RequestEntry, RequestEvent } from './Cassette.js';
import { BadCassette, NotRecorded } from './errors.js';
import { answerOf } from './recordedFetch.js';
import { NOTHING, pathOf, withoutTellingValues } from './withoutSecrets.js';

/** Characters of all different requests of a cassette: what is known of it must fit into memory. */
const MOST_CHARACTERS = 2 ** 27;

/** Counts how often a cassette holds each request; throws `BadCassette` for one that has too many to know them. */
export const requestCounts = (
  name: string,
): { readonly accept: (entry: Request) => void; readonly counts: ReadonlyMap<string, number> } => {
  const counts = new Map<string, number>();
  let characters = 0;
  return {
    counts,
    accept: (entry) => {
      const key = keyOf(entry);
      const count = counts.get(key);
      if (count === undefined) characters += key.length;
      if (characters > MOST_CHARACTERS)
        throw new BadCassette(name, 0, `holds more than ${MOST_CHARACTERS} characters of requests; no recording does`);
      counts.set(key, (count ?? 0) + 1);
    },
  };
};

/** What a request is known by: not by its host, so that a feed may be given the vendor's own. */
const keyOf = ({ method, url, body }: Pick<Request, 'method' | 'url' | 'body'>): string =>
  `${method} ${pathOf(url)}${body === '' ? '' : ` ${body}`}`;

type Request = Extract<RequestEvent, { readonly what: 'request' }>;
type Outcome = Extract<RequestEvent, { readonly what: 'answer' | 'failed' }>;

/** Answers the requests of a feed by what is recorded. */
export interface RequestPlayer {
  /** A `fetch` by a clock of the replay: the n-th of equal requests has the answer of the n-th, when that came. */
  readonly fetchBy: (clock: SchedulerLike) => HistoryFetch;
  readonly play: (entry: RequestEntry) => void;
  /** The replay begins behind the entries that were played: what was answered before is over. */
  readonly begin: () => void;
}

/** A request that the feed waits to have answered. */
type Asked = Subscriber<HistoryAnswer>;

/** A recorded request that the feed has not sent. */
interface Unasked {
  readonly key: string;
  readonly wall: number;
  outcome: Outcome | undefined;
}

/** A feed may be some milliseconds late, as a timer of the recording may have been early. In milliseconds. */
const LATE = 10_000;
/** So many requests that the feed does not send are remembered, and characters of their answers. */
const MOST_UNASKED = 1_000;
const MOST_WAITING_CHARACTERS = 2 ** 26;

export const requestPlayer = (counts: ReadonlyMap<string, number>): RequestPlayer => {
  /** How many of each are still to come on the tape. */
  const ahead = new Map(counts);
  const patterns = [...counts.keys()].filter((key) => key.includes(NOTHING)).slice(0, MOST_UNASKED);
  /** What the feed sent before the recording did, by key, oldest first. */
  const early = new Map<string, Set<Asked>>();
  const sent = new Map<number, Asked>();
  const unasked = new Map<number, Unasked>();
  let characters = 0;

  const forget = (number: number): void => {
    characters -= sizeOf(unasked.get(number)?.outcome);
    unasked.delete(number);
  };
  const forgetOld = (now: number): void => {
    for (const [number, { wall }] of unasked) {
      if (now - wall <= LATE && unasked.size <= MOST_UNASKED && characters <= MOST_WAITING_CHARACTERS) return;
      forget(number);
    }
  };
  const recordedAs = (key: string): string => {
    if (counts.has(key)) return key;
    return patterns.find((pattern) => fits(pattern, key)) ?? key;
  };
  /** The feed waits for what becomes of a recorded request. */
  const wait = (number: number, asked: Asked): void => {
    sent.set(number, asked);
    asked.add(() => sent.delete(number));
  };
  const send = (key: string, asked: Asked, clock: SchedulerLike): void => {
    forgetOld(clock.now());
    for (const [number, one] of unasked) {
      if (one.key !== key) continue;
      const { outcome } = one;
      forget(number);
      if (outcome) asked.add(clock.schedule(() => deliver(asked, outcome)));
      else wait(number, asked);
      return;
    }
    const others = early.get(key) ?? new Set();
    if ((ahead.get(key) ?? 0) <= others.size) return asked.error(new NotRecorded(key.slice(0, SHOWN)));
    early.set(key, others.add(asked));
    asked.add(() => others.delete(asked));
  };

  return {
    fetchBy:
      (clock) =>
      (url, { method, body = '' }) =>
        new Observable((asked) =>
          send(recordedAs(keyOf({ method, url: withoutTellingValues(url), body })), asked, clock),
        ),
    play: (entry) => {
      const number = entry.request;
      switch (entry.what) {
        case 'request': {
          const key = keyOf(entry);
          ahead.set(key, (ahead.get(key) ?? 0) - 1);
          const [asked] = early.get(key) ?? [];
          forget(number);
          sent.delete(number);
          if (asked) {
            early.get(key)?.delete(asked);
            wait(number, asked);
          } else unasked.set(number, { key, wall: entry.wall, outcome: undefined });
          return forgetOld(entry.wall);
        }
        case 'answer':
        case 'failed': {
          const asked = sent.get(number);
          if (asked) {
            sent.delete(number);
            return deliver(asked, entry);
          }
          const one = unasked.get(number);
          if (!one || one.outcome) return;
          one.outcome = entry;
          characters += sizeOf(entry);
          return forgetOld(entry.wall);
        }
        case 'aborted':
          // The feed gives it up as well.
          return;
      }
    },
    begin: () => {
      for (const [number, { outcome }] of unasked) if (outcome) forget(number);
    },
  };
};

/** So much of a request is shown in an error. */
const SHOWN = 300;

const sizeOf = (outcome: Outcome | undefined): number => (outcome?.what === 'answer' ? outcome.body.length : 0);

const deliver = (asked: Asked, outcome: Outcome): void => {
  // The platform's `fetch` fails with this class.
  if (outcome.what === 'failed') return asked.error(new TypeError(outcome.message));
  asked.next(answerOf(outcome.status, Object.entries(outcome.headers), outcome.body));
  asked.complete();
};

/** Whether a text is a recorded one, in which credentials may have been taken out. */
const fits = (recorded: string, text: string): boolean => {
  const parts = recorded.split(NOTHING);
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
};
