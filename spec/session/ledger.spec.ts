import * as fc from 'fast-check';
import { quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import {
  answered,
  emptyLedger,
  nextCommand,
  sent,
  settled,
  stillRefused,
  wished,
  type Command,
  type CommandRules,
  type Ledger,
  type Rejection,
} from '../../lib/session/ledger.js';
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

/** A wish that changes, the client's next command, the vendor's next answer. */
type Step = readonly Topic[] | 'send' | 'hear';

interface Run {
  readonly ledger: Ledger;
  readonly served: ReadonlyMap<string, Topic>;
  readonly commands: readonly Command[];
  readonly rejections: readonly Rejection[];
}

/** Plays the steps, and then on until nothing is left to say. */
const play = (truth: Vendor, rules: CommandRules, steps: readonly Step[], losses: readonly boolean[] = []): Run => {
  const vendor = aVendor(truth, rules);
  const commands: Command[] = [];
  const rejections: Rejection[] = [];
  let ledger = emptyLedger(new Set());
  const send = (): boolean => {
    const command = nextCommand(ledger, rules);
    if (!command) return false;
    ledger = sent(ledger, command, rules);
    vendor.take(command, losses[commands.length] ?? false);
    commands.push(command);
    expect(batches(command.topics)).toEqual([command.topics]);
    expect(ledger.flight.filter(({ op }) => op === 'subscribe').length).toBeLessThanOrEqual(1);
    return true;
  };
  const hear = (): boolean => {
    const answer = vendor.answers.shift();
    if (!answer) return false;
    const [after, rejection] = answered(ledger, answer, rules);
    ledger = after;
    if (rejection) rejections.push(rejection);
    return true;
  };
  const giveUp = (): boolean => {
    const [overdue] = ledger.flight;
    if (overdue) ledger = settled(ledger, overdue);
    return overdue !== undefined;
  };
  for (const step of steps) {
    if (step === 'send') send();
    else if (step === 'hear') hear();
    else ledger = wished(ledger, step);
  }
  while (send() || hear() || giveUp()) expect(commands.length).toBeLessThan(1_000);
  return { ledger, served: vendor.served, commands, rejections };
};

const subset = fc.subarray(topics);
const step = fc.oneof(subset, fc.constant('send' as const), fc.constant('hear' as const));
const script = fc.tuple(fc.array(step, { maxLength: 30 }), subset).map(([steps, last]): Step[] => [...steps, last]);
const bad = subset.map((some) => new Set(some.map(topicKey)));
const rules = fc.boolean().map(rulesThat);
const runs = { numRuns: 500 };

describe('ledger', () => {
  it('ends with all that is wished for and not refused, and the vendor serves just that', () => {
    fc.assert(
      fc.property(bad, fc.nat(12), rules, script, (bad, quota, rules, steps) => {
        const { ledger, served } = play({ bad, quota }, rules, steps);
        const granted = keysOf(ledger.wish.values()).filter((key) => !ledger.refused.has(key));
        expect(keysOf(ledger.asked.values())).toEqual(granted);
        expect([...served.keys()].sort()).toEqual(granted);
      }),
      runs,
    );
  });

  it('finds exactly the topics that the vendor minds', () => {
    fc.assert(
      fc.property(bad, rules, script, (bad, rules, steps) => {
        const { ledger, rejections } = play({ bad, quota: Infinity }, rules, steps);
        expect([...ledger.refused].sort()).toEqual(keysOf(ledger.wish.values()).filter((key) => bad.has(key)));
        expect(rejections.flatMap(({ topics }) => topics.map(topicKey)).every((key) => bad.has(key))).toBe(true);
      }),
      runs,
    );
  });

  it('gets as many topics as the quota allows', () => {
    fc.assert(
      fc.property(bad, fc.nat(12), rules, subset, (bad, quota, rules, wish) => {
        const { served } = play({ bad, quota }, rules, [wish]);
        const good = keysOf(wish).filter((key) => !bad.has(key));
        expect(served.size).toBe(Math.min(quota, good.length));
      }),
      runs,
    );
  });

  it('gets every topic of the products that the quota has room for', () => {
    fc.assert(
      fc.property(fc.nat(6), rules, subset, subset, (quota, rules, first, second) => {
        const symbolOf = ({ symbol }: Topic): string => symbol;
        const wish = [...new Set([...first, ...second])];
        const { served } = play({ bad: new Set(), quota }, { ...rules, product: symbolOf }, [first, wish]);
        const products = new Set([...served.values()].map(symbolOf));
        expect(products.size).toBe(Math.min(quota, new Set(wish.map(symbolOf)).size));
        expect(keysOf(served.values())).toEqual(keysOf(wish.filter((topic) => products.has(topic.symbol))));
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
      fc.property(bad, rules, subset, (bad, rules, wish) => {
        const { rejections } = play({ bad, quota: Infinity }, rules, [wish]);
        expect(keysOf(rejections.flatMap(({ topics }) => topics))).toEqual(keysOf(wish).filter((key) => bad.has(key)));
      }),
      runs,
    );
  });

  it('comes to rest although answers are lost, and blames no topic that is good', () => {
    fc.assert(
      fc.property(bad, rules, script, fc.array(fc.boolean()), (bad, rules, steps, losses) => {
        const { ledger } = play({ bad, quota: Infinity }, rules, steps, losses);
        expect(keysOf(ledger.asked.values())).toEqual(
          keysOf(ledger.wish.values()).filter((key) => !ledger.refused.has(key)),
        );
        expect([...ledger.refused].every((key) => bad.has(key))).toBe(true);
      }),
      runs,
    );
  });

  it('sends nothing for a wish that is met', () => {
    fc.assert(
      fc.property(rules, subset, (rules, wish) => {
        const none = { bad: new Set<string>(), quota: Infinity };
        const { commands } = play(none, rules, [wish]);
        expect(play(none, rules, [wish, wish]).commands).toEqual(commands);
        expect(keysOf(commands.flatMap((command) => command.topics))).toEqual(keysOf(wish));
      }),
    );
  });
});

describe('stillRefused', () => {
  it('forgets what is wished for no more', () => {
    const [a = '', b = ''] = topics.map(topicKey);
    expect([...stillRefused(new Set([a, b]), topics.slice(1))]).toEqual([b]);
  });
});
