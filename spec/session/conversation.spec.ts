import { conversation, lettersOf } from './conversation.js';

const yes = {};
const no = { refusal: 'no' };
const full = { refusal: 'full', scope: 'quota' } as const;
const lacksA = { refusal: 'gone', lacks: (topic: { readonly symbol: string }) => topic.symbol === 'A.US' };

describe('a conversation with a vendor', () => {
  describe('in which data contradict a refusal', () => {
    it('says that the topic is served, and asks for it again in the next session only', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [10, 'answer', no],
            [50, 'data', 'A'],
            [60, 'data', 'A'],
            [500, 'session'],
          ],
          { until: 550 },
        ),
      ).toEqual(['0 +A', '10 refused A: no', '50 subscribed A', '50 data A', '60 data A', '500 +A']);
    });

    it('hears so again of a topic that was served until the vendor said that it lacks it', () => {
      expect(
        conversation([
          [0, 'want', 'AB'],
          [10, 'answer', yes],
          [20, 'data', 'A'],
          [30, 'answer', lacksA],
          [40, 'data', 'A'],
        ]),
      ).toEqual(['0 +AB', '10 subscribed AB', '20 data A', '30 refused A: gone', '40 subscribed A', '40 data A']);
    });

    it('takes a refusal of what all have come of for one of something else', () => {
      expect(
        conversation([
          [0, 'want', 'AB'],
          [10, 'data', 'AB'],
          [20, 'answer', no],
        ]),
      ).toEqual(['0 +AB', '10 subscribed A', '10 data A', '10 subscribed B', '10 data B']);
    });

    it('does not let data vouch for a topic that came before it was asked for again', () => {
      expect(
        conversation([
          [0, 'want', 'AB'],
          [10, 'data', 'A'],
          [20, 'answer', no],
          [30, 'answer', no],
          [40, 'answer', yes],
        ]),
      ).toEqual(['0 +AB', '10 subscribed A', '10 data A', '20 +A', '30 +B', '30 refused A: no', '40 subscribed B']);
    });
  });

  it('says that topics are served when the time for an answer is over, to the millisecond, and that one was refused later', () => {
    expect(
      conversation([
        [0, 'want', 'A'],
        [150, 'answer', no],
      ]),
    ).toEqual(['0 +A', '100 subscribed A', '150 refused A: no']);
  });

  it('says anew that a topic is served which was refused late, and is wanted again', () => {
    expect(
      conversation([
        [0, 'want', 'AB'],
        [150, 'answer', lacksA],
        [160, 'want', 'B'],
        [170, 'want', 'AB'],
        [180, 'answer', yes],
      ]),
    ).toEqual(['0 +AB', '100 subscribed AB', '150 refused A: gone', '170 +A', '180 subscribed A']);
  });

  it('says that a topic is served which came back while it was asked for when it is accepted anew', () => {
    expect(
      conversation([
        [0, 'want', 'A'],
        [10, 'want', ''],
        [20, 'want', 'A'],
        [30, 'answer', yes],
        [40, 'answer', yes],
      ]),
    ).toEqual(['0 +A', '10 -A', '30 +A', '40 subscribed A']);
  });

  it('says nothing of data that come late of a topic that is no longer wanted, and names what was never asked for', () => {
    expect(
      conversation([
        [0, 'want', 'AB'],
        [10, 'answer', yes],
        [20, 'want', 'A'],
        [30, 'data', 'BC'],
      ]),
    ).toEqual(['0 +AB', '10 subscribed AB', '20 -B', '20 unsubscribed B', '30 unexpected C']);
  });

  it('sends at once where the session does not count its messages, whatever the pace', () => {
    expect(
      conversation(
        [
          [0, 'want', 'A'],
          [10, 'want', 'B'],
        ],
        { pace: { commands: 1, per: 1_000 }, until: 50 },
      ),
    ).toEqual(['0 +A', '10 -A']);
  });

  it('leaves subscribed what shares its name on the wire with a topic that stays, and asks for it no more', () => {
    // One subscription on the wire for A and B, another one for C and D.
    const wireName = ({ symbol }: { readonly symbol: string }): string => (/^[AB]/.test(symbol) ? 'AB' : 'CD');
    expect(
      conversation(
        [
          [0, 'want', 'ABCD'],
          [10, 'answer', yes],
          [20, 'want', 'AC'],
          [30, 'want', 'C'],
          [40, 'want', 'CB'],
          [50, 'answer', yes],
          [60, 'want', ''],
        ],
        { wireName },
      ),
    ).toEqual([
      '0 +ABCD',
      '10 subscribed ABCD',
      '20 unsubscribed BD',
      '30 -A',
      '30 unsubscribed A',
      '40 +B',
      '50 subscribed B',
      '60 -CB',
      '60 unsubscribed CB',
    ]);
  });

  it('refuses for a full quota only what takes room', () => {
    const product = ({ symbol }: { readonly symbol: string }): string => (/^[AB]/.test(symbol) ? 'AB' : symbol);
    expect(
      conversation(
        [
          [0, 'want', 'A'],
          [10, 'answer', yes],
          [20, 'want', 'AC'],
          [30, 'answer', full],
          [40, 'want', 'ACBD'],
          [50, 'answer', full],
          [60, 'answer', yes],
        ],
        { product },
      ),
    ).toEqual([
      '0 +A',
      '10 subscribed A',
      '20 +C',
      '30 refused C: full',
      '40 +BD',
      '50 +B',
      '50 refused D: full',
      '60 subscribed B',
    ]);
  });

  describe('with late answers', () => {
    it('does not wait for another answer of a command that was answered in time', () => {
      expect(
        conversation([
          [0, 'want', 'A'],
          [10, 'answer', yes],
          [150, 'want', 'AC'],
          [160, 'answer', no],
        ]),
      ).toEqual(['0 +A', '10 subscribed A', '150 +C', '160 refused C: no']);
    });

    it('waits for an answer twelve times as long as for one in time, and no longer', () => {
      const steps = (at: number) =>
        conversation(
          [
            [0, 'want', 'A'],
            [1_250, 'want', 'AC'],
            [at, 'answer', no],
          ],
          { until: 1_310 },
        );
      // 1,200 ms after it was over, at 100.
      expect(steps(1_299)).toEqual(['0 +A', '100 subscribed A', '1250 +C']);
      expect(steps(1_301)).toEqual(['0 +A', '100 subscribed A', '1250 +C', '1301 refused C: no']);
    });

    it('counts that from the last command that was late', () => {
      expect(
        conversation(
          [
            [0, 'want', 'A'],
            [1_000, 'want', 'AB'],
            [1_350, 'want', 'ABC'],
            [1_360, 'answer', no],
          ],
          { until: 1_400 },
        ),
      ).toEqual(['0 +A', '100 subscribed A', '1000 +B', '1100 subscribed B', '1350 +C']);
    });
  });

  it('hands on a note about all that was asked', () => {
    const note = { note: (_: unknown, asked: Parameters<typeof lettersOf>[0]) => `of ${lettersOf(asked)}` };
    expect(
      conversation([
        [0, 'want', 'A'],
        [10, 'answer', note],
      ]),
    ).toEqual(['0 +A', '10 subscribed A', '10 refused : of A']);
  });
});
