import * as fc from 'fast-check';
import { quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { nothingWanted, refusing, serving, startingOver, wanting, type WantedState } from '../../lib/session/wanted.js';

const universe = [...quotes('A.US', 'B.US', 'C.US', '700.HK'), ...trades('A.US', '0700.HK')];
const reason = 'no';

type Step =
  | { readonly kind: 'want' | 'refuse'; readonly topics: readonly Topic[] }
  | { readonly kind: 'serve'; readonly topic: Topic }
  | { readonly kind: 'start over' };

const topics = fc.shuffledSubarray(universe);
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('want', 'refuse'), topics }),
  fc.record({ kind: fc.constant('serve' as const), topic: fc.constantFrom(...universe) }),
  fc.constant<Step>({ kind: 'start over' }),
);

const after = (wanted: WantedState, step: Step): WantedState => {
  switch (step.kind) {
    case 'want':
      return wanting(wanted, step.topics);
    case 'refuse':
      return refusing(wanted, { topics: step.topics, reason })[0];
    case 'serve':
      return serving(wanted, step.topic);
    case 'start over':
      return startingOver(wanted);
  }
};

/** The same with tables that are changed in place, as it was before there was a value. */
const byHand = (steps: readonly Step[]) => {
  let current: readonly Topic[] = [];
  const refused = new Set<string>();
  const unsubscribed = new Map<string, Topic>();
  for (const step of steps) {
    if (step.kind === 'start over') unsubscribed.clear();
    else if (step.kind === 'serve') refused.delete(topicKey(step.topic));
    else if (step.kind === 'refuse') {
      const keys = new Set(current.map(topicKey));
      step.topics.map(topicKey).forEach((key) => keys.has(key) && refused.add(key));
    } else {
      const keys = new Set(step.topics.map(topicKey));
      current.forEach((topic) => unsubscribed.set(topicKey(topic), topic));
      keys.forEach((key) => unsubscribed.delete(key));
      refused.forEach((key) => keys.has(key) || refused.delete(key));
      current = step.topics;
    }
  }
  return { topics: current, refused, unsubscribed };
};

describe('what is wanted', () => {
  it('is what tables that are changed in place would tell', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 30 }), (steps) => {
        const { byKey, refused, ...rest } = steps.reduce(after, nothingWanted);
        const expected = byHand(steps);
        expect({ ...rest, refused: new Set(refused) }).toEqual(expected);
        expect([...rest.unsubscribed]).toEqual([...expected.unsubscribed]);
        expect([...byKey]).toEqual(rest.topics.map((topic) => [topicKey(topic), topic]));
      }),
    );
  });

  it('is never changed: each step makes another value', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 10 }), stepOf, (steps, last) => {
        const wanted = steps.reduce(after, nothingWanted);
        const { topics: list, byKey, refused, unsubscribed } = wanted;
        const copy = {
          topics: [...list],
          byKey: new Map(byKey),
          refused: new Set(refused),
          unsubscribed: new Map(unsubscribed),
        };
        after(wanted, last);
        expect({ ...wanted, refused: new Set(wanted.refused) }).toEqual(copy);
      }),
    );
  });
});
