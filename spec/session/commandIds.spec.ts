import * as fc from 'fast-check';
import { asyncScheduler, merge, NEVER, of, Subject, switchMap, takeUntil, timer } from 'rxjs';
import type { MarketEvent } from '../../lib/model/marketEvent.js';
import type { Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import type { Control } from '../../lib/session/Control.js';
import { encoded } from '../../lib/session/encoded.js';
import { events } from '../../lib/session/events.js';
import { heartbeat } from '../../lib/session/heartbeat.js';
import { keepSubscribed, type SubscribeProtocol } from '../../lib/session/keepSubscribed.js';
import type { Answer } from '../../lib/session/ledger.js';
import { checkRate } from '../../lib/session/sends.js';
import { whileWanted } from '../../lib/session/wanted.js';
import { marbles } from '../../lib/testing/index.js';
import { aSession } from './aSession.js';
import { lettersOf, topicsOf } from './conversation.js';

interface Reply extends Control {
  readonly answer?: Answer;
}
type Said = Reply | MarketEvent;

interface Sent {
  readonly op: '+' | '-' | 'ping';
  readonly letters: string;
  readonly id: number;
}

interface Vendor extends Partial<SubscribeProtocol<Said, Sent>> {
  readonly size?: number;
  /** How long the answer to a command takes; undefined for one that never comes. */
  readonly delay: (sent: Sent, isRefused: boolean) => number | undefined;
  /** The letters of topics it does not serve; it refuses the whole command. */
  readonly bad?: string;
  readonly pingEvery?: number;
  readonly until?: number;
}

const ALL = 'ABCDEFGHIJ';

/** Asks a vendor that repeats the id of a command in its answer. */
const asking = (lists: readonly (readonly [at: number, letters: string])[], vendor: Vendor) => {
  const { delay, bad = '', size = 2, pingEvery, until = 60_000, ...rules } = vendor;
  const log: (Sent & { readonly at: number })[] = [];
  const refused: string[] = [];
  const said: string[] = [];
  const served = new Set<string>();
  marbles(({ flush }) => {
    const frames$ = new Subject<string>();
    const lists$ = new Subject<readonly Topic[]>();
    const protocol: SubscribeProtocol<Said, Sent> = {
      provider: 'test',
      batches: (topics) => chunks(topics, size),
      subscribe: (topics, id) => ({ op: '+', letters: lettersOf(topics), id }),
      unsubscribe: (topics, id) => ({ op: '-', letters: lettersOf(topics), id }),
      answer: (message) => (message.kind === 'control' ? message.answer : undefined),
      answersUnsubscribe: true,
      inFlight: 4,
      pace: { commands: 100, per: 1 },
      ...rules,
    };
    const take = (sent: Sent): void => {
      log.push({ ...sent, at: asyncScheduler.now() });
      const letters = Array.from(sent.letters);
      const isRefused = sent.op === '+' && letters.some((letter) => bad.includes(letter));
      if (sent.op === '-') letters.forEach((letter) => served.delete(letter));
      else if (!isRefused) letters.forEach((letter) => served.add(letter));
      const wait = sent.op === 'ping' ? undefined : delay(sent, isRefused);
      const answer: Answer = isRefused ? { id: sent.id, refusal: 'no', scope: 'unknown' } : { id: sent.id };
      if (wait !== undefined) asyncScheduler.schedule(() => frames$.next(JSON.stringify(answer)), wait);
    };
    const { session } = aSession<string>(frames$, { send: (text) => take(JSON.parse(text) as Sent) });
    whileWanted(lists$, (wanted) =>
      merge(of(session), NEVER).pipe(
        encoded<Said, Sent>(
          (frame) => ({ kind: 'control', answer: JSON.parse(frame) as Answer }),
          (sent) => JSON.stringify(sent),
        ),
        heartbeat({ every: pingEvery, within: 1_000_000, ping: (): Sent => ({ op: 'ping', letters: '', id: 0 }) }),
        keepSubscribed(wanted, protocol),
        switchMap((kept) => kept.messages$.pipe(events(wanted))),
      ),
    )
      .pipe(takeUntil(timer(until)))
      .subscribe((event) => {
        if (event.kind === 'refused') refused.push(lettersOf(event.topics));
        if (event.kind === 'subscribed') said.push(`${asyncScheduler.now()} ${lettersOf(event.topics)}`);
      });
    for (const [at, letters] of lists) asyncScheduler.schedule(() => lists$.next(topicsOf(letters)), at);
    flush();
  })();
  const texts = log.map(({ at, op, letters, id }) => `${at} ${op}${letters}#${id}`);
  return { log, texts, refused, said, served: [...served].sort().join('') };
};

describe('a command with an id', () => {
  it('does not wait for the answers to others, up to as many as may fly', () => {
    const { texts, said } = asking([[0, 'ABCDEFGH']], { inFlight: 3, delay: ({ id }) => [0, 30, 10, 20, 5][id] });
    expect(texts).toEqual(['0 +AB#1', '0 +CD#2', '0 +EF#3', '10 +GH#4']);
    expect(said).toEqual(['10 CD', '15 GH', '20 EF', '30 AB']);
  });

  it('is refused alone, whatever is answered before it', () => {
    const { texts, refused } = asking([[0, 'ABCDX']], { bad: 'X', delay: ({ id }) => 100 - 10 * id });
    expect(texts).toEqual(['0 +AB#1', '0 +CD#2', '0 +X#3']);
    expect(refused).toEqual(['X']);
  });

  it('is asked again in halves that fly together, when it is refused', () => {
    const { texts, refused } = asking([[0, 'ABXD']], { size: 4, bad: 'X', delay: () => 10 });
    expect(texts).toEqual(['0 +ABXD#1', '10 +AB#2', '10 +XD#3', '20 +X#4', '20 +D#5']);
    expect(refused).toEqual(['X']);
  });

  it('is taken for accepted when its time is over, and refused by an answer that comes later', () => {
    const late = { size: 1, bad: 'X', answerTimeout: 100, delay: ({ letters }: Sent) => (letters === 'X' ? 300 : 1) };
    const { refused, said } = asking([[0, 'AX']], late);
    expect(said).toEqual(['1 A', '100 X']);
    expect(refused).toEqual(['X']);
  });

  it('is not answered by an answer to another', () => {
    const second = { size: 1, answerTimeout: 100, delay: ({ id }: Sent) => (id === 2 ? 5 : undefined) };
    expect(asking([[0, 'AB']], second).said).toEqual(['5 B', '100 A']);
  });

  it('leaves in doubt what was refused late, together with a topic that was asked for again since', () => {
    const lists = [
      [0, 'AE'],
      [1, 'A'],
      [1, 'AE'],
    ] as const;
    const { texts, served, refused } = asking(lists, { bad: 'E', inFlight: 1, answerTimeout: 100, delay: () => 101 });
    expect(texts).toEqual(['0 +AE#1', '1 -E#2', '100 +E#3', '200 +A#4']);
    expect([served, refused]).toEqual(['A', ['E']]);
  });

  it('is asked with the others until the vendor serves what is wanted and not refused, in any order of answers', () => {
    const letters = fc.uniqueArray(fc.constantFrom(...Array.from(ALL)), { minLength: 1 }).map((some) => some.join(''));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(400), letters), { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(fc.constantFrom(...Array.from(ALL)), { maxLength: 3 }),
        fc.array(fc.option(fc.nat(150), { nil: undefined }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (changes, bad, waits, inFlight) => {
          const lists = [...changes].sort(([a], [b]) => a - b);
          const last = lists.at(-1)?.[1] ?? '';
          const { served, refused } = asking(lists, {
            bad: bad.join(''),
            inFlight,
            size: 3,
            answerTimeout: 100,
            // A refusal that is lost cannot be told from an acceptance.
            delay: ({ id }, isRefused) => waits[id % waits.length] ?? (isRefused ? 7 : undefined),
          });
          const good = Array.from(last).filter((letter) => !bad.includes(letter));
          expect(served).toBe(good.sort().join(''));
          expect(refused.join('')).not.toMatch(new RegExp(`[^${bad.join('')}_]`));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a pace of so many messages in a time', () => {
  const quick = { inFlight: 100, size: 1, delay: () => 1 };

  it('sends as many at once, and each makes room for another', () => {
    const { log } = asking([[0, 'ABCDEFG']], { ...quick, pace: { commands: 3, per: 1_000 } });
    const times = Array.from('ABCDEFG', (letter, i) => [Math.floor(i / 3) * 1_000, letter]);
    expect(log.map(({ at, letters }) => [at, letters])).toEqual(times);
  });

  it('in milliseconds sets no such limit', () => {
    const { log } = asking([[0, 'ABC']], { ...quick, pace: 10 });
    expect(log.map(({ at }) => at)).toEqual([0, 10, 20]);
  });

  it('is never exceeded, pings included, which wait for room as well', () => {
    const lists = fc.array(fc.tuple(fc.nat(5_000), fc.constantFrom('A', 'AB', 'CDE', ALL, 'J')), { minLength: 1 });
    fc.assert(
      fc.property(
        lists,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 50, max: 2_000 }),
        (some, commands, pingEvery) => {
          const sorted = [...some].sort(([a], [b]) => a - b);
          const { log } = asking(sorted, { ...quick, pace: { commands, per: 700 }, pingEvery, until: 20_000 });
          const times = log.map(({ at }) => at);
          times.slice(commands).forEach((at, i) => expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(700));
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    [{ commands: 0, per: 1_000 }, 'pace.commands'],
    [{ commands: 1.5, per: 1_000 }, 'pace.commands'],
    [{ commands: 1_001, per: 1_000 }, 'pace.commands'],
    [{ commands: 5, per: 0 }, 'pace.per'],
    [{ commands: 5, per: NaN }, 'pace.per'],
  ])('is refused where it makes no sense: %j', (pace, option) => {
    expect(() => checkRate(pace)).toThrow(option);
  });
});
