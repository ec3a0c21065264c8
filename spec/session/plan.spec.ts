import * as fc from 'fast-check';
import { quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { answered } from '../../lib/session/answered.js';
import { chunks } from '../../lib/session/chunks.js';
import { askedFor, emptyLedger, sent, unasked, type CommandRules, type Ledger } from '../../lib/session/ledger.js';
import { planOf, type NextCommand } from '../../lib/session/plan.js';
import { nothingWanted, refusing, serving, wanting, type WantedState } from '../../lib/session/wanted.js';

const LIMIT = 3;
const symbols = Array.from('ABCDEFGH', (letter) => `${letter}.US`);
const topics = [...quotes(symbols), ...trades(symbols)];
const rules: CommandRules = { batches: (some) => chunks(some, LIMIT), answersUnsubscribe: false };

/** By looking at all topics, as the plan did when it remembered nothing. */
const openOf = ({ asked, pending }: Ledger, { byKey, refused }: WantedState) => {
  const inTheAir = new Set(pending.flatMap((command) => command.topics.map(topicKey)));
  const isOpen = ([key]: readonly [string, Topic]): boolean =>
    byKey.has(key) && !refused.has(key) && !inTheAir.has(key);
  return {
    gone: [...asked].filter(([key]) => !byKey.has(key) || refused.has(key)).map(([key]) => key),
    fresh: [...byKey].filter((entry) => isOpen(entry) && !asked.has(entry[0])).map(([key]) => key),
  };
};

const some = fc.subarray(topics);
const step = fc.oneof(
  some.map((list) => ({ kind: 'want' as const, list })),
  some.map((list) => ({ kind: 'refuse' as const, list })),
  fc.constantFrom(...topics).map((topic) => ({ kind: 'serve' as const, list: [topic] })),
  some.map((list) => ({ kind: 'forget' as const, list })),
  fc.constantFrom('send', 'accept', 'reject').map((kind) => ({ kind, list: [] as Topic[] })),
);

describe('the plan of the commands', () => {
  it('never forgets what is open, and asks for nothing else', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const plan = planOf(rules);
        let ledger = emptyLedger;
        let wanted = nothingWanted;
        for (const { kind, list } of steps) {
          if (kind === 'want') wanted = wanting(wanted, list);
          if (kind === 'refuse') [wanted] = refusing(wanted, { topics: list, reason: 'no' });
          if (kind === 'serve') wanted = serving(wanted, list[0] as Topic);
          if (kind === 'forget') ledger = unasked(ledger, list);
          if (kind === 'accept') [ledger] = answered(ledger, {});
          if (kind === 'reject') {
            const [after, rejection] = answered(ledger, { refusal: 'no', scope: 'unknown' });
            ledger = after;
            if (rejection) [wanted] = refusing(wanted, rejection);
          }
          const { gone, fresh } = openOf(ledger, wanted);
          const command = plan(ledger, wanted);
          const keys = command?.topics.map(topicKey) ?? [];
          if (gone.length > 0) {
            expect([command?.op, keys.every((key) => gone.includes(key))]).toEqual(['unsubscribe', true]);
          } else if (ledger.pending.length > 0) expect(command).toBe(undefined);
          else if (command?.again)
            expect(keys.every((key) => wanted.byKey.has(key) && !wanted.refused.has(key))).toBe(true);
          else
            expect([command?.op, keys.every((key) => fresh.includes(key))]).toEqual([
              fresh.length > 0 ? 'subscribe' : undefined,
              true,
            ]);
          expect(new Set(keys).size).toBe(keys.length);
          if (command && kind === 'send') ledger = sent(ledger, command, rules);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('asks for a list in its order, in as few commands as it takes', () => {
    const commands = commandsOf(planOf(rules), wanting(nothingWanted, topics));
    expect(commands).toEqual(chunks(topics, LIMIT));
  });

  it('looks at each topic a few times, however many commands there are', () => {
    const looks = (count: number): number => {
      let looked = 0;
      const list = quotes(Array.from({ length: count }, (_, i) => `S${i}.US`)).map((topic) => ({
        ...topic,
        get symbol() {
          looked += 1;
          return topic.symbol;
        },
      })) as readonly Topic[];
      const wanted = wanting(nothingWanted, list);
      commandsOf(planOf(rules), wanted);
      return looked / count;
    };
    const [few, many] = [looks(300), looks(3_000)];
    expect(many).toBeLessThan(few * 1.5);
  });
});

/** What is asked of a vendor that accepts all of it. */
const commandsOf = (plan: NextCommand, wanted: WantedState): readonly (readonly Topic[])[] => {
  const commands: (readonly Topic[])[] = [];
  let ledger = askedFor(emptyLedger, []);
  for (let command = plan(ledger, wanted); command; command = plan(ledger, wanted)) {
    commands.push(command.topics);
    [ledger] = answered(sent(ledger, command, rules), {});
  }
  return commands;
};
