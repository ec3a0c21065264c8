import * as fc from 'fast-check';
import { quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import { answered } from '../../lib/session/answered.js';
import {
  askedFor,
  emptyLedger,
  overdue,
  sent,
  withoutCommand,
  verifying,
  type Command,
  type CommandRules,
  type Ledger,
} from '../../lib/session/ledger.js';
import { planOf } from '../../lib/session/plan.js';
import {
  nothingWanted,
  refusing,
  serving,
  wanting,
  type Rejection,
  type WantedState,
} from '../../lib/session/wanted.js';
import { aVendor, type Vendor } from './aVendor.js';

const LIMIT = 3;
const symbols = ['A.US', 'B.US', 'C.US', 'D.US', 'E.US', 'F.US'];
const topics = [...quotes(...symbols), ...trades(...symbols)];
const keysOf = (some: Iterable<Topic>): string[] => [...some].map(topicKey).sort();

/** One channel a command, three topics at most. */
const batches = (some: readonly Topic[]): readonly (readonly Topic[])[] =>
  ['quote', 'trade'].flatMap((channel) =>
    chunks(
      some.filter((topic) => topic.channel === channel),
      LIMIT,
    ),
  );
const rulesThat = (answersUnsubscribe: boolean): CommandRules => ({ batches, answersUnsubscribe });

/** A list that changes, the client's next command, the vendor's next answer. */
type Step = readonly Topic[] | 'send' | 'hear';

interface Run {
  readonly ledger: Ledger;
  readonly wanted: WantedState;
  readonly served: ReadonlyMap<string, Topic>;
  readonly commands: readonly Command[];
  readonly rejections: readonly Rejection[];
}

/** Plays the steps, and then on until nothing is left to say. */
const play = (truth: Vendor, rules: CommandRules, steps: readonly Step[], losses: readonly boolean[] = []): Run => {
  const vendor = aVendor(truth, rules);
  const plan = planOf(rules);
  const commands: Command[] = [];
  const rejections: Rejection[] = [];
  let ledger = emptyLedger;
  let wanted = nothingWanted;
  const send = (): boolean => {
    const command = plan(ledger, wanted);
    if (!command) return false;
    ledger = sent(ledger, command, rules);
    vendor.take(command, losses[commands.length] ?? false);
    commands.push(command);
    expect(batches(command.topics)).toEqual([command.topics]);
    expect(ledger.pending.filter(({ op }) => op === 'subscribe').length).toBeLessThanOrEqual(1);
    return true;
  };
  const hear = (): boolean => {
    const answer = vendor.answers.shift();
    if (!answer) return false;
    const [after, said] = answered(ledger, answer, rules);
    ledger = after;
    if (!said) return true;
    const [rest, rejection] = refusing(wanted, said);
    wanted = rest;
    if (rejection) rejections.push(rejection);
    return true;
  };
  const giveUp = (): boolean => {
    const [overdue] = ledger.pending;
    if (overdue) ledger = withoutCommand(ledger, overdue);
    return overdue !== undefined;
  };
  for (const step of steps) {
    if (step === 'send') send();
    else if (step === 'hear') hear();
    else wanted = wanting(wanted, step);
  }
  while (send() || hear() || giveUp()) expect(commands.length).toBeLessThan(1_000);
  return { ledger, wanted, served: vendor.served, commands, rejections };
};

const subset = fc.subarray(topics);
const step = fc.oneof(subset, fc.constant('send' as const), fc.constant('hear' as const));
const script = fc.tuple(fc.array(step, { maxLength: 30 }), subset).map(([steps, last]): Step[] => [...steps, last]);
const bad = subset.map((some) => new Set(some.map(topicKey)));
const rules = fc.boolean().map(rulesThat);
const runs = { numRuns: 500 };

describe('ledger', () => {
  it('ends with all that is wanted and not refused, and the vendor serves just that', () => {
    fc.assert(
      fc.property(bad, fc.nat(12), rules, script, (bad, quota, rules, steps) => {
        const { ledger, wanted, served } = play({ bad, quota }, rules, steps);
        const granted = keysOf(wanted.topics).filter((key) => !wanted.refused.has(key));
        expect(keysOf(ledger.asked.values())).toEqual(granted);
        expect([...served.keys()].sort()).toEqual(granted);
      }),
      runs,
    );
  });

  it('finds exactly the topics that the vendor minds', () => {
    fc.assert(
      fc.property(bad, rules, script, (bad, rules, steps) => {
        const { wanted, rejections } = play({ bad, quota: Infinity }, rules, steps);
        expect([...wanted.refused].sort()).toEqual(keysOf(wanted.topics).filter((key) => bad.has(key)));
        expect(rejections.flatMap(({ topics }) => topics.map(topicKey)).every((key) => bad.has(key))).toBe(true);
      }),
      runs,
    );
  });

  it('gets as many topics as the quota allows', () => {
    fc.assert(
      fc.property(bad, fc.nat(12), rules, subset, (bad, quota, rules, list) => {
        const { served } = play({ bad, quota }, rules, [list]);
        const good = keysOf(list).filter((key) => !bad.has(key));
        expect(served.size).toBe(Math.min(quota, good.length));
      }),
      runs,
    );
  });

  it('gets every topic of the products that the quota has room for', () => {
    fc.assert(
      fc.property(fc.nat(6), rules, subset, subset, (quota, rules, first, second) => {
        const symbolOf = ({ symbol }: Topic): string => symbol;
        const list = [...new Set([...first, ...second])];
        const { served } = play({ bad: new Set(), quota }, { ...rules, product: symbolOf }, [first, list]);
        const products = new Set([...served.values()].map(symbolOf));
        expect(products.size).toBe(Math.min(quota, new Set(list.map(symbolOf)).size));
        expect(keysOf(served.values())).toEqual(keysOf(list.filter((topic) => products.has(topic.symbol))));
      }),
      runs,
    );
  });

  it('gets what has room after others were withdrawn', () => {
    const talk = Array.from({ length: 40 }, (_, i): Step => (i % 2 ? 'hear' : 'send'));
    const steps = [quotes(...symbols), ...talk, trades(...symbols)];
    const { served } = play({ bad: new Set(), quota: 2 }, rulesThat(true), steps);
    expect([...served.values()]).toEqual(trades('A.US', 'B.US'));
  });

  it('says what is refused once for each time it is asked', () => {
    fc.assert(
      fc.property(bad, rules, subset, (bad, rules, list) => {
        const { rejections } = play({ bad, quota: Infinity }, rules, [list]);
        expect(keysOf(rejections.flatMap(({ topics }) => topics))).toEqual(keysOf(list).filter((key) => bad.has(key)));
      }),
      runs,
    );
  });

  it('comes to rest although answers are lost, and blames no topic that is good', () => {
    fc.assert(
      fc.property(bad, rules, script, fc.array(fc.boolean()), (bad, rules, steps, losses) => {
        const { ledger, wanted } = play({ bad, quota: Infinity }, rules, steps, losses);
        expect(keysOf(ledger.asked.values())).toEqual(keysOf(wanted.topics).filter((key) => !wanted.refused.has(key)));
        expect([...wanted.refused].every((key) => bad.has(key))).toBe(true);
      }),
      runs,
    );
  });

  it('sends nothing for a list that is met', () => {
    fc.assert(
      fc.property(rules, subset, (rules, list) => {
        const none = { bad: new Set<string>(), quota: Infinity };
        const { commands } = play(none, rules, [list]);
        expect(play(none, rules, [list, list]).commands).toEqual(commands);
        expect(keysOf(commands.flatMap((command) => command.topics))).toEqual(keysOf(list));
      }),
    );
  });
});

describe('refused topics', () => {
  const [a, b] = topics as [Topic, Topic];
  const wanted = wanting(nothingWanted, topics);
  const [refused, rejection] = refusing(wanted, { topics: [a, b], reason: 'no' });

  it('are forgotten when they are wanted no longer', () => {
    expect([[...refused.refused], rejection?.topics]).toEqual([[a, b].map(topicKey), [a, b]]);
    expect([...wanting(refused, topics.slice(1)).refused]).toEqual([topicKey(b)]);
  });

  it('are news once, and none when they are no longer wanted', () => {
    expect(refusing(refused, { topics: [a], reason: 'no' })).toEqual([refused, undefined]);
    expect(refusing(wanting(wanted, [b]), { topics: [a, b], reason: 'no' })[1]).toEqual({ topics: [b], reason: 'no' });
  });

  it('may be unknown', () => {
    const said = { topics: [], reason: 'no' };
    expect(refusing(wanted, said)).toEqual([wanted, said]);
  });
});

describe('answered', () => {
  const rules = rulesThat(true);
  const [a, b, c, d] = quotes('A.US', 'B.US', 'C.US', 'D.US') as [Topic, Topic, Topic, Topic];
  const symbolOf = ({ symbol }: Topic): string => symbol;
  const suspect = { refusal: 'no' };
  const full = { refusal: 'full', scope: 'quota' } as const;

  /** Asked for these, and waiting for the answer. */
  const asking = (...topics: readonly Topic[]): Ledger => sent(emptyLedger, { op: 'subscribe', topics }, rules);
  const only = (...topics: readonly Topic[]): WantedState => wanting(nothingWanted, topics);

  it('halves what was refused, and asks for neither half with anything else', () => {
    const [ledger, rejection] = answered(asking(a, b, c), suspect);
    expect([ledger.toRetry, rejection]).toEqual([[[a, b], [c]], undefined]);
    expect(planOf(rules)(ledger, only(a, b, c, d))?.topics).toEqual([a, b]);
    expect(planOf(rules)(ledger, only(c, d))?.topics).toEqual([c]);
    expect(planOf(rules)(ledger, only(b, c, d))?.topics).toEqual([b]);
  });

  it('does not ask again for a topic that is refused, asked again, or given up on', () => {
    const [halved] = answered(asking(a, b), suspect);
    const askedAgain: Command = { op: 'subscribe', topics: [a] };
    const [refused, rejection] = answered(sent(halved, askedAgain, rules), suspect);
    expect([refused.toRetry, rejection]).toEqual([[[b]], { topics: [a], reason: 'no' }]);
    expect(withoutCommand(halved, askedAgain).toRetry).toEqual([[b]]);
    expect(answered(sent(refused, { op: 'subscribe', topics: [b] }, rules), suspect)[0].toRetry).toEqual([]);
  });

  it('says nothing of an answer that is no refusal, and that nobody waits for', () => {
    expect(answered(emptyLedger, {})).toEqual([emptyLedger, undefined, []]);
    expect(answered(emptyLedger, suspect)).toEqual([emptyLedger, { topics: [], reason: 'no' }, []]);
  });

  it('takes no answer to a withdrawal for a refusal, nor for a note', () => {
    const withdrawn = sent(emptyLedger, { op: 'unsubscribe', topics: [a] }, rules);
    for (const answer of [suspect, { unserved: () => [a] }, { note: () => 'a note' }]) {
      const [ledger, rejection] = answered(withdrawn, answer);
      expect([ledger.pending, rejection]).toEqual([[], undefined]);
    }
  });

  it('knows of a quota that is full from a refusal about it, and from no other', () => {
    expect(answered(asking(a), full)[0].full).toBe(true);
    expect(answered(asking(a), suspect)[0].full).toBe(false);
    expect(answered(asking(a, b), { refusal: 'no', scope: 'topics' })[0].full).toBe(false);
  });

  it('halves a refusal that is about a topic, also when the quota is full', () => {
    const [ledger, rejection] = answered({ ...asking(a, b), full: true }, suspect);
    expect([ledger.toRetry, rejection]).toEqual([[[a], [b]], undefined]);
  });

  it('spares the topics that take no room when the quota is full, and asks for them on their own', () => {
    const [tradeOfA] = trades('A.US') as [Topic];
    const served = withoutCommand(asking(a), { op: 'subscribe', topics: [a] });
    const asked = sent(served, { op: 'subscribe', topics: [tradeOfA, b] }, rules);
    const [ledger, rejection] = answered({ ...asked, pending: asked.pending.slice(1), full: true }, full, {
      product: symbolOf,
    });
    expect([ledger.toRetry, rejection]).toEqual([[[tradeOfA]], { topics: [b], reason: 'full' }]);
  });

  it('comes to an end with a vendor that is full for topics that take no room', () => {
    const [tradeOfA, tradeOfB] = trades('A.US', 'B.US') as [Topic, Topic];
    const served = { ...asking(a, b), pending: [], full: true };
    const ask = (...topics: readonly Topic[]): Ledger => sent(served, { op: 'subscribe', topics }, rules);
    const [halved, nothing] = answered(ask(tradeOfA, tradeOfB), full, { product: symbolOf });
    expect([halved.toRetry, nothing]).toEqual([[[tradeOfA], [tradeOfB]], undefined]);
    const [, rejection] = answered(ask(tradeOfA), full, { product: symbolOf });
    expect(rejection).toEqual({ topics: [tradeOfA], reason: 'full' });
  });
});

describe('overdue', () => {
  const rules = rulesThat(true);
  const asking = (letter: string): Command => ({ op: 'subscribe', topics: quotes(`${letter}.US`) });
  const flying = (...commands: readonly Command[]): Ledger =>
    commands.reduce((ledger, command) => sent(ledger, command, rules), emptyLedger);

  it('remembers the last sixteen commands after their time, whose answers may come', () => {
    const commands = Array.from('ABCDEFGHIJKLMNOPQ', asking);
    const ledger = commands.reduce((before, command) => overdue(before, command)[0], flying(...commands));
    expect(commands).toHaveLength(17);
    expect(ledger.pending).toEqual([]);
    expect(ledger.late).toEqual(commands.slice(1).map((command) => ({ command, owed: true })));
  });

  it('takes what was asked for to be served, and what was withdrawn not', () => {
    const [one, gone] = [asking('A'), { ...asking('B'), op: 'unsubscribe' } as const];
    expect(overdue(flying(one, gone), one)[1]).toEqual(one.topics);
    expect(overdue(flying(one, gone), gone)[1]).toEqual([]);
  });

  it('waits no longer for the answer of one that asked again', () => {
    const again = { ...asking('A'), again: true };
    const [ledger, served] = overdue(flying(again), again);
    expect([ledger.late, served]).toEqual([[], again.topics]);
  });

  it('has one asked again that a refusal may have meant, and says of it nothing', () => {
    const one = asking('A');
    const [ledger, served] = overdue({ ...flying(one), doubted: [one] }, one);
    expect(served).toEqual([]);
    expect([ledger.toRetry, ledger.doubted]).toEqual([[one.topics], []]);
    expect(planOf(rules)(ledger, wanting(nothingWanted, topics))).toEqual({
      op: 'subscribe',
      topics: one.topics,
      again: true,
    });
  });
});

describe('the commands whose order is known', () => {
  it('are those whose answers may still come, and no more', () => {
    const rules = rulesThat(true);
    const ask = (letter: string): Command => ({ op: 'subscribe', topics: quotes(`${letter}.US`) });
    const [late, answered, pending] = [ask('A'), ask('B'), ask('C')];
    const [after] = overdue(sent(emptyLedger, late, rules), late);
    const ledger = sent(withoutCommand(sent(after, answered, rules), answered), pending, rules);
    expect(ledger.order).toEqual([late, pending]);
  });
});

describe('a refusal', () => {
  it('is taken back of a topic of which data came, and of no other', () => {
    const [apple, other] = quotes('A.US', 'B.US') as [Topic, Topic];
    const [wanted] = refusing(wanting(nothingWanted, [apple, other]), { topics: [apple, other], reason: 'no' });
    const after = serving(wanted, apple);
    expect([[...after.refused], [...askedFor(emptyLedger, [apple]).asked.values()]]).toEqual([
      [topicKey(other)],
      [apple],
    ]);
    expect([...wanted.refused]).toHaveLength(2);
  });

  it('that there was not leaves the very same value', () => {
    const wanted = wanting(nothingWanted, topics);
    expect(serving(wanted, topics[0] as Topic)).toBe(wanted);
  });
});

describe('verifying', () => {
  it('has all asked again of which no data came, and waits for no late answer', () => {
    const rules = rulesThat(false);
    const [heard, silent] = quotes('A.US', 'B.US') as [Topic, Topic];
    const command: Command = { op: 'subscribe', topics: [heard, silent] };
    const unsure = { ...sent(emptyLedger, command, rules), unsure: true };
    const ledger = verifying(overdue(unsure, command)[0], (topic) => topic === heard);
    expect([ledger.toRetry, ledger.late, ledger.unsure]).toEqual([[[silent]], [], false]);
  });
});
