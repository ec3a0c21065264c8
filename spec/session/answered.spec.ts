import { topicKey, type Topic } from '../../lib/model/topic.js';
import { answered } from '../../lib/session/answered.js';
import { chunks } from '../../lib/session/chunks.js';
import {
  emptyLedger,
  overdue,
  sent,
  type Answer,
  type Command,
  type CommandRules,
  type Ledger,
} from '../../lib/session/ledger.js';
import { conversation, topicsOf } from './conversation.js';

const rules: CommandRules = { batches: (topics) => chunks(topics, 10), answersUnsubscribe: true };
const no = { refusal: 'no' };
const unlisted = 'the vendor does not list it among what it serves';

const ask = (letters: string, id?: number): Command => ({ op: 'subscribe', topics: topicsOf(letters), id });
const withdraw = (letters: string, id?: number): Command => ({ op: 'unsubscribe', topics: topicsOf(letters), id });

/** The commands in the order in which they were sent; the time of the late ones is over. */
const waitingFor = (pending: readonly Command[], late: readonly Command[] = []): Ledger => {
  const all = [...late, ...pending].reduce((ledger, command) => sent(ledger, command, rules), emptyLedger);
  return late.reduce((ledger, command) => overdue(ledger, command)[0], all);
};

/** Lists what is served. */
const serving = (letters: string): Answer => {
  const keys = new Set(topicsOf(letters).map(topicKey));
  return { unserved: (topics) => topics.filter((topic) => !keys.has(topicKey(topic))) };
};
const hasDataOf =
  (letters: string) =>
  ({ symbol }: Topic): boolean =>
    letters.includes(symbol.charAt(0));
const askedIn = ({ asked }: Ledger): readonly Topic[] => [...asked.values()];

describe('an answer with an id', () => {
  const each: readonly (readonly [string, Answer])[] = [
    ['an acceptance', {}],
    ['a refusal', no],
    ['a list', serving('')],
  ];

  it.each(each)('changes nothing where its command is forgotten: %s', (_, answer) => {
    const ledger = waitingFor([ask('A', 1)]);
    expect(answered(ledger, { ...answer, id: 2 })).toEqual([ledger, undefined, []]);
  });

  it.each(each)('to a withdrawal neither refuses nor accepts a topic: %s', (_, answer) => {
    const [ledger, rejection, accepted] = answered(waitingFor([withdraw('A', 1)]), { ...answer, id: 1 });
    expect([ledger.pending, rejection, accepted]).toEqual([[], undefined, []]);
  });

  it('refuses what was not asked for again since: for the rest the later command decides', () => {
    const [first, later] = [ask('AB', 1), ask('A', 3)];
    const ledger = waitingFor([later], [first]);
    const [after, rejection] = answered(ledger, { ...no, scope: 'topics', id: 1 });
    expect(rejection).toEqual({ topics: topicsOf('B'), reason: 'no' });
    expect([after.pending, after.late, askedIn(after)]).toEqual([[later], [], topicsOf('A')]);
  });

  it('refuses nothing where all of it was asked for again since', () => {
    const later = ask('ABC', 3);
    const [after, rejection, accepted] = answered(waitingFor([later], [ask('AB', 1)]), { ...no, id: 1 });
    expect([after.pending, after.toRetry, rejection, accepted]).toEqual([[later], [], undefined, []]);
    expect(askedIn(after)).toEqual(topicsOf('ABC'));
  });
});

describe('a list of what is served', () => {
  it.each<[string, Ledger]>([
    ['the one in flight', waitingFor([ask('ANB')])],
    ['a late one', waitingFor([], [ask('ANB')])],
  ])('accepts what it holds of %s, and no more', (_, ledger) => {
    const [after, rejection, accepted] = answered(ledger, serving('ABC'));
    expect(rejection).toEqual({ topics: topicsOf('N'), reason: unlisted });
    expect([accepted, askedIn(after)]).toEqual([topicsOf('AB'), topicsOf('AB')]);
  });

  it('refuses nothing where it holds all', () => {
    const [, rejection, accepted] = answered(waitingFor([], [ask('A'), ask('B')]), serving('AB'));
    expect([rejection, accepted]).toEqual([undefined, topicsOf('AB')]);
  });

  it('puts those in doubt that are in flight behind the last one that it answers', () => {
    const [gone, asked] = [withdraw('X'), ask('C')];
    expect(answered(waitingFor([gone, asked], [ask('A')]), serving('A'))[0].doubted).toEqual([gone, asked]);
    const late = [ask('A'), ask('B')];
    expect(answered(waitingFor([asked], late), serving('A'))[0].doubted).toEqual([asked]);
    expect(answered(waitingFor([gone, asked], late), serving('ABC'))[0].doubted).toEqual([]);
  });
});

describe('a refusal', () => {
  it('of all topics leaves those that data come of, which are served', () => {
    const known = { hasData: hasDataOf('A') };
    const [ledger, rejection, accepted] = answered(waitingFor([ask('AB')]), { ...no, scope: 'topics' }, known);
    expect(rejection).toEqual({ topics: topicsOf('B'), reason: 'no' });
    expect([accepted, askedIn(ledger)]).toEqual([topicsOf('A'), topicsOf('A')]);
  });

  it('is that of a withdrawal also where data of the topic still come, and so accepts nothing', () => {
    const [ledger, ...rest] = answered(waitingFor([withdraw('A')]), no, { hasData: () => true });
    expect([ledger.pending, ...rest]).toEqual([[], undefined, []]);
  });

  it('is certain where each command that it can be of asks for the same', () => {
    const [, rejection] = answered(waitingFor([ask('A')], [ask('A')]), no);
    expect(rejection).toEqual({ topics: topicsOf('A'), reason: 'no' });
  });

  it.each<[string, readonly Command[]]>([
    ['for less', [ask('A')]],
    ['for other topics', [ask('AC')]],
    ['for the same and more', [ask('ABC')]],
    ['for the same, and another one for others', [ask('AB'), ask('C')]],
    ['nothing, and withdraws the same', [withdraw('AB')]],
  ])('that may be of one that asks %s refuses nothing, and is remembered as unclear', (_, others) => {
    const [ledger, rejection] = answered(waitingFor(others, [ask('AB')]), no);
    expect([rejection, ledger.ambiguous, ledger.unsure]).toEqual([undefined, 1, true]);
    expect([ledger.pending, ledger.late]).toEqual([[], []]);
  });

  it('has what was asked for asked again, and no withdrawal', () => {
    const [ledger] = answered(waitingFor([withdraw('X'), ask('BC')], [ask('A'), ask('DEF')]), no);
    expect(ledger.toRetry).toEqual(['A', 'DEF', 'BC'].map(topicsOf));
  });

  it('has the halves of the oldest asked again', () => {
    expect(answered(waitingFor([ask('D')], [ask('ABC')]), no)[0].toRetry).toEqual(['AB', 'C', 'D'].map(topicsOf));
  });

  it('leaves as many answers to come as commands can be meant, but for its own', () => {
    const [gone, asked] = [withdraw('X'), ask('B')];
    const ledger = waitingFor([gone, asked], [ask('A')]);
    const ofSubscribe = answered(ledger, { ...no, matches: ({ op }) => op === 'subscribe' })[0];
    expect([ofSubscribe.stale, ofSubscribe.pending]).toEqual([[asked], [gone]]);
    expect(answered(ledger, no)[0].stale).toEqual([gone, asked]);
  });

  describe('that is taken for that of a withdrawal', () => {
    it('puts into doubt what is asked for behind it', () => {
      const [gone, asked] = [withdraw('A'), ask('B')];
      const [ledger] = answered(waitingFor([gone, asked]), no);
      expect([ledger.pending, ledger.doubted, ledger.unsure]).toEqual([[asked], [asked], true]);
    });

    it('puts no other withdrawal into doubt, in flight or late', () => {
      const others = [withdraw('B'), withdraw('C')];
      const [inFlight] = answered(waitingFor([withdraw('A'), ...others]), no);
      expect([inFlight.pending, inFlight.doubted, inFlight.unsure]).toEqual([others, [], false]);
      const [late] = answered(waitingFor([], [withdraw('A'), ...others]), no);
      expect(late.late.map(({ command }) => command)).toEqual(others);
      expect([late.toRetry, late.stale, late.unsure]).toEqual([[], [], false]);
    });
  });
});

describe('an answer while a command is to be repeated', () => {
  it('is that of a withdrawal first, and the command goes out after the next one', () => {
    expect(
      conversation(
        [
          [0, 'want', 'A'],
          [110, 'want', 'AB'],
          [120, 'answer', no],
          [130, 'want', 'ABX'],
          [140, 'want', 'BX'],
          [150, 'answer', {}],
          [160, 'answer', {}],
        ],
        { answersUnsubscribe: true, until: 165 },
      ),
    ).toEqual(['0 +A', '100 subscribed A', '110 +B', '140 -A', '140 unsubscribed A', '160 +B']);
  });
});
