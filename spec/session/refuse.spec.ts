import { conversation } from './conversation.js';

const yes = {};

/** A command goes out before the event of the same moment: its subscriber may change the topics at once. */
describe('a topic that a part of the pipe finds the vendor not to have', () => {
  it('is refused and unsubscribed, as the vendor has accepted it', () => {
    const said = conversation([
      [0, 'want', 'AB'],
      [10, 'answer', yes],
      [20, 'refuse', 'A'],
      [30, 'data', 'B'],
    ]);
    expect(said).toEqual(['0 +AB', '10 subscribed AB', '20 -A', '20 refused A: no such symbol', '30 data B']);
  });

  it('is never served where the answer comes later', () => {
    const said = conversation([
      [0, 'want', 'AB'],
      [5, 'refuse', 'A'],
      [10, 'answer', yes],
      [20, 'want', 'ABC'],
      [30, 'answer', yes],
    ]);
    expect(said).toEqual([
      '0 +AB',
      '5 -A',
      '5 refused A: no such symbol',
      '10 subscribed B',
      '20 +C',
      '30 subscribed C',
    ]);
  });

  it('is not asked for where that was not done yet', () => {
    const said = conversation([
      [0, 'want', 'A'],
      [0, 'want', 'AB'],
      [0, 'refuse', 'B'],
      [10, 'answer', yes],
    ]);
    expect(said).toEqual(['0 +A', '0 refused B: no such symbol', '10 subscribed A']);
  });

  it('goes on where its data come before the unsubscribe is sent', () => {
    const said = conversation(
      [
        [0, 'want', 'AB'],
        [1, 'refuse', 'A'],
        [2, 'data', 'A'],
      ],
      { pace: 10 },
    );
    expect(said).toEqual(['0 +AB', '1 refused A: no such symbol', '2 subscribed A', '2 data A', '100 subscribed B']);
  });

  it('is asked for again where its data come after', () => {
    const said = conversation([
      [0, 'want', 'A'],
      [10, 'answer', yes],
      [20, 'refuse', 'A'],
      [25, 'data', 'A'],
      [30, 'answer', yes],
      [40, 'data', 'A'],
    ]);
    expect(said).toEqual([
      '0 +A',
      '10 subscribed A',
      '20 -A',
      '20 refused A: no such symbol',
      '25 +A',
      '25 subscribed A',
      '25 data A',
      '40 data A',
    ]);
  });

  it('is asked for again in the next session no more than any that was refused', () => {
    const said = conversation([
      [0, 'want', 'AB'],
      [10, 'answer', yes],
      [20, 'refuse', 'A'],
      [30, 'session'],
      [40, 'answer', yes],
    ]);
    expect(said).toEqual([
      '0 +AB',
      '10 subscribed AB',
      '20 -A',
      '20 refused A: no such symbol',
      '30 +B',
      '40 subscribed B',
    ]);
  });
});
