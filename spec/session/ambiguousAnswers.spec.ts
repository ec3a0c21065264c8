import { topicKey, type Topic } from '../../lib/model/topic.js';
import type { Answer, Command } from '../../lib/session/ledger.js';
import { conversation, topicsOf, type Step } from './conversation.js';

const yes: Answer = {};
const no: Answer = { refusal: 'no' };
const ofSubscribe = { matches: ({ op }: Command): boolean => op === 'subscribe' };
const ofUnsubscribe = { matches: ({ op }: Command): boolean => op === 'unsubscribe' };
/** Lists what is served. */
const serving = (letters: string): Answer => {
  const keys = new Set(topicsOf(letters).map(topicKey));
  return { unserved: (topics: readonly Topic[]) => topics.filter((topic) => !keys.has(topicKey(topic))) };
};
const unlisted = 'the vendor does not list it among what it serves';

describe('an answer that may be of several commands', () => {
  describe('and refuses', () => {
    it('asks again one by one after a riddle, when three times the time has passed, and gives each as long', () => {
      expect(
        conversation(
          [
            [0, 'want', 'AB'],
            [110, 'want', 'ABC'],
            [120, 'answer', no],
          ],
          { until: 1_500 },
        ),
      ).toEqual(['0 +AB', '100 subscribed AB', '110 +C', '420 +A', '720 +B', '1020 +C', '1320 subscribed C']);
    });

    it('is twice as patient after the next riddle', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', 'AB'],
            [120, 'answer', no],
            [430, 'answer', yes],
            [440, 'answer', yes],
            [1_000, 'want', 'ABC'],
            [1_110, 'want', 'ABCD'],
            [1_120, 'answer', no],
          ],
          { until: 3_000 },
        ),
      ).toEqual([
        '0 +A',
        '100 subscribed A',
        '110 +B',
        '420 +A',
        '430 +B',
        '440 subscribed B',
        '1000 +C',
        '1100 subscribed C',
        '1110 +D',
        '1720 +C',
        '2320 +D',
        '2920 subscribed D',
      ]);
    });

    it('asks again at once when the answer of the other command comes', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', 'AB'],
            [120, 'answer', no],
            [130, 'answer', yes],
          ],
          { until: 140 },
        ),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '130 +A']);
    });

    it('is followed by that of the other command, which says nothing more', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', 'AB'],
            [120, 'answer', no],
            [130, 'answer', no],
          ],
          { until: 140 },
        ),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '130 +A']);
    });

    it('is certain where all of them ask for the same, and the next answer is of the other', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', ''],
            [120, 'want', 'A'],
            [130, 'answer', no],
            [140, 'want', 'AB'],
            [150, 'answer', no],
            [160, 'answer', yes],
          ],
          { until: 200 },
        ),
      ).toEqual([
        '0 +A',
        '100 subscribed A',
        '110 -A',
        '110 unsubscribed A',
        '120 +A',
        '130 refused A: no',
        '150 +B',
        '160 subscribed B',
      ]);
    });

    it('has them asked again, when one was accepted, at once', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', 'AB'],
            [120, 'answer', yes],
            [130, 'answer', no],
            [140, 'answer', no],
            [150, 'answer', yes],
          ],
          { until: 200 },
        ),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '120 subscribed B', '130 +A', '140 +B', '140 refused A: no']);
    });

    it('has them asked again, when both are late and one was accepted', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', 'AB'],
            [250, 'answer', yes],
            [260, 'answer', no],
            [270, 'answer', yes],
            [280, 'answer', no],
          ],
          { until: 300 },
        ),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '210 subscribed B', '260 +A', '270 +B', '280 refused B: no']);
    });

    it('counts the oldest as refused after four ambiguous refusals, so that it comes to an end', () => {
      const letters = 'AZBYCXDWEV';
      const rounds = [0, 1, 2, 3, 4].flatMap((i): readonly Step[] => {
        const at = i * 1_000;
        return [
          [at, 'want', letters.slice(0, 2 * i + 1)],
          [at + 110, 'want', letters.slice(0, 2 * i + 2)],
          [at + 120, 'answer', no],
          ...[130, 140, 150].map((after): Step => [at + after, 'answer', yes]),
        ];
      });
      const log = conversation(rounds, { until: 5_000 });
      expect(log.filter((line) => line.includes('refused'))).toEqual(['4120 refused E: no']);
      expect(log.slice(-5)).toEqual([
        '4000 +E',
        '4100 subscribed E',
        '4110 +V',
        '4120 refused E: no',
        '4130 subscribed V',
      ]);
    });
  });

  describe('and accepts', () => {
    it('is that of the only one that is late', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [150, 'answer', { note: ({ topics }) => `${topics.length} topic` }],
          [160, 'want', 'AB'],
          [170, 'answer', no],
        ]),
      ).toEqual(['0 +A', '100 subscribed A', '150 refused : 1 topic', '160 +B', '170 refused B: no']);
    });

    it('leaves none open when there were as many as commands', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [110, 'want', 'AB'],
          [250, 'answer', yes],
          [255, 'answer', yes],
          [260, 'want', 'ABC'],
          [270, 'answer', no],
        ]),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '210 subscribed B', '260 +C', '270 refused C: no']);
    });
  });

  describe('and lists what is served', () => {
    it('answers the late ones it has something of, and puts the one in flight in doubt until the next', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [110, 'want', 'AB'],
          [120, 'answer', serving('A')],
          [130, 'answer', serving('AB')],
        ]),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '130 subscribed B']);
    });

    it('has the one in doubt asked again when no other list comes', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [110, 'want', 'AB'],
          [120, 'answer', serving('A')],
        ]),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '210 +B', '510 subscribed B']);
    });

    it('answers the first of two that ask for the same, and the second has an answer of its own', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [110, 'want', ''],
          [120, 'want', 'A'],
          [130, 'answer', serving('A')],
          [140, 'want', 'AB'],
          [150, 'answer', serving('A')],
          [160, 'answer', serving('AB')],
        ]).slice(4),
      ).toEqual(['120 +A', '130 subscribed A', '150 +B', '160 subscribed B']);
    });

    it('accepts what it holds, and names what it leaves out', () => {
      expect(
        conversation([
          [0, 'want', 'ANB'],
          [10, 'answer', serving('AB')],
        ]),
      ).toEqual(['0 +ANB', '10 subscribed AB', `10 refused N: ${unlisted}`]);
    });

    it('names what it leaves out of a late one', () => {
      expect(
        conversation([
          [0, 'want', 'AN'],
          [150, 'answer', serving('A')],
        ]),
      ).toEqual(['0 +AN', '100 subscribed AN', `150 refused N: ${unlisted}`]);
    });

    it('answers all late ones that it has something of', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [110, 'want', 'AB'],
          [250, 'answer', serving('AB')],
          [260, 'want', 'ABC'],
          [270, 'answer', no],
        ]),
      ).toEqual(['0 +A', '100 subscribed A', '110 +B', '210 subscribed B', '260 +C', '270 refused C: no']);
    });

    it('names a topic once that it leaves out of two late ones', () => {
      expect(
        conversation([
          [0, 'want', 'N'],
          [110, 'want', ''],
          [120, 'want', 'N'],
          [230, 'want', 'NB'],
          [240, 'answer', serving('B')],
        ]).slice(-3),
      ).toEqual(['230 +B', '240 subscribed B', `240 refused N: ${unlisted}`]);
    });

    it('answers the first late one although it has nothing of it', () => {
      expect(
        conversation([
          [0, 'want', 'N'],
          [150, 'answer', serving('')],
        ]),
      ).toEqual(['0 +N', '100 subscribed N', `150 refused N: ${unlisted}`]);
    });
  });

  describe('with withdrawals', () => {
    const answersUnsubscribe = { answersUnsubscribe: true };

    it('belongs to what it can belong to', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [10, 'want', 'B'],
            [20, 'answer', ofUnsubscribe],
            [30, 'answer', ofSubscribe],
            [40, 'answer', ofSubscribe],
          ],
          answersUnsubscribe,
        ),
      ).toEqual(['0 +A', '10 -A', '30 +B', '40 subscribed B']);
    });

    it('belongs to no late command that it cannot belong to', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [110, 'want', 'B'],
            [120, 'answer', { ...ofUnsubscribe, refusal: 'no such action' }],
            [130, 'answer', { ...ofSubscribe, refusal: 'no' }],
          ],
          { ...answersUnsubscribe, until: 440 },
        ),
      ).toEqual(['0 +A', '100 subscribed A', '110 -A', '110 unsubscribed A', '111 +B', '430 +B']);
    });

    it('that lists what is served says nothing of a topic that is asked for again behind a withdrawal', () => {
      expect(
        conversation(
          [
            [0, 'want', 'AB'],
            [10, 'answer', serving('AB')],
            [20, 'want', 'B'],
            [30, 'want', 'AB'],
            [40, 'answer', serving('B')],
            [50, 'answer', serving('AB')],
          ],
          answersUnsubscribe,
        ),
      ).toEqual(['0 +AB', '10 subscribed AB', '20 -A', '20 unsubscribed A', '30 +A', '50 subscribed A']);
    });

    it('that still lists what was withdrawn is not that of the withdrawal', () => {
      expect(
        conversation(
          [
            [0, 'want', 'X'],
            [10, 'answer', serving('X')],
            [20, 'want', 'XA'],
            [130, 'want', 'A'],
            [135, 'want', 'AC'],
            [140, 'answer', serving('XA')],
            [150, 'answer', serving('A')],
            [160, 'answer', serving('AC')],
          ],
          answersUnsubscribe,
        ).slice(3),
      ).toEqual(['120 subscribed A', '130 -X', '130 unsubscribed X', '135 +C', '160 subscribed C']);
    });

    it('that lists what came after a withdrawal refuses nothing that is back since', () => {
      expect(
        conversation(
          [
            [0, 'want', 'X'],
            [10, 'answer', serving('X')],
            [20, 'want', 'XA'],
            [130, 'want', 'A'],
            [135, 'want', 'AC'],
            [137, 'want', 'ACX'],
            [140, 'answer', serving('AC')],
            [150, 'answer', serving('ACX')],
          ],
          answersUnsubscribe,
        ).slice(7),
      ).toEqual(['140 +X', '140 subscribed C', '150 subscribed X']);
    });

    it('accepts none in doubt while that of another may come which is to be asked again', () => {
      expect(
        conversation(
          [
            [0, 'want', 'AB'],
            [10, 'answer', yes],
            [20, 'want', 'B'],
            [25, 'want', 'BD'],
            [130, 'want', 'BDC'],
            [140, 'answer', no],
            [150, 'answer', yes],
            [240, 'answer', yes],
            [250, 'answer', yes],
          ],
          { ...answersUnsubscribe, until: 300 },
        ).slice(4),
      ).toEqual(['25 +D', '125 subscribed D', '130 +C', '230 +D', '240 +C', '250 subscribed C']);
    });

    it('is first taken for that of a withdrawal, and the one in flight waits for its own', () => {
      const steps = [
        [0, 'want', 'AB'],
        [10, 'answer', yes],
        [20, 'want', 'B'],
        [25, 'want', 'BC'],
        [40, 'answer', no],
      ] as const;
      const log = ['0 +AB', '10 subscribed AB', '20 -A', '20 unsubscribed A', '25 +C'];
      const soon = { ...answersUnsubscribe, until: 600 };
      const served = conversation([...steps, [50, 'answer', yes]], soon);
      expect(served).toEqual([...log, '50 subscribed C']);
      const unanswered = conversation(steps, soon);
      expect(unanswered).toEqual([...log, '125 +C', '425 subscribed C']);
    });

    it('leads to one more question, when all answers are in that may come, about all of which no data came', () => {
      const log = conversation(
        [
          [0, 'want', 'AB'],
          [10, 'answer', yes],
          [20, 'want', 'B'],
          [25, 'want', 'BC'],
          [40, 'answer', no],
          [50, 'answer', yes],
          [60, 'data', 'B'],
          [1_260, 'answer', no],
        ],
        answersUnsubscribe,
      );
      expect(log.slice(-3)).toEqual(['60 data B', '1250 +C', '1260 refused C: no']);
    });

    it('is first taken for that of a late withdrawal, and a late command after it is asked again', () => {
      const steps = [
        [0, 'want', 'AB'],
        [10, 'answer', yes],
        [20, 'want', 'B'],
        [25, 'want', 'BC'],
        [130, 'answer', no],
      ] as const;
      const log = ['0 +AB', '10 subscribed AB', '20 -A', '20 unsubscribed A', '25 +C', '125 subscribed C'];
      const later = { ...answersUnsubscribe, until: 440 };
      expect(conversation(steps, later)).toEqual([...log, '430 +C']);
      expect(conversation([...steps, [140, 'answer', yes]], { ...later, until: 145 })).toEqual([...log, '140 +C']);
    });
  });
});
