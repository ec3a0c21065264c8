import { asyncScheduler } from 'rxjs';
import { InvalidOption } from '../../lib/model/errors.js';
import { checkRate, countedSends, type Rate } from '../../lib/session/sends.js';
import { marbles } from '../../lib/testing/marbles.js';

describe('a rate of messages', () => {
  it.each<Rate>([
    { commands: 1, per: 1 },
    { commands: 1_000, per: 60_000 },
  ])('is taken as it is: %j', (rate) => {
    expect(checkRate(rate)).toBe(rate);
  });

  const count = 'it is a whole number, 1 to 1000';
  const duration = 'it is a number of milliseconds above 0, and of 24 days at most';

  it.each<[unknown, string, unknown, string]>([
    [{ commands: 0, per: 1_000 }, 'pace.commands', 0, count],
    [{ commands: 1_001, per: 1_000 }, 'pace.commands', 1_001, count],
    [{ commands: '5', per: 1_000 }, 'pace.commands', '5', count],
    [{ commands: 5, per: '1000' }, 'pace.per', NaN, duration],
    [{ commands: 5 }, 'pace.per', NaN, duration],
  ])('is refused with its option, the value and what it may be: %j', (rate, option, value, problem) => {
    expect(() => checkRate(rate as Rate)).toThrow(new InvalidOption(option, value, problem));
  });
});

/** How long a message has to wait at a time, when others were sent at these times and the rate was set at that one. */
const waitAt = (time: number, sentAt: readonly number[], { setAt, ...rate }: Rate & { readonly setAt: number }) => {
  let wait = NaN;
  marbles(({ flush }) => {
    const sends = countedSends();
    sentAt.forEach((at) => asyncScheduler.schedule(sends.note, at));
    asyncScheduler.schedule(() => sends.limit(rate), setAt);
    asyncScheduler.schedule(() => (wait = sends.wait()), time);
    flush();
  })();
  return wait;
};

describe('a message', () => {
  const one = { commands: 1, per: 1_000, setAt: 100 };
  const two = { ...one, commands: 2 };

  it.each([
    ['not at all where it is the first', 200, [], one, 0],
    ['not where there is room for one more', 200, [50], two, 0],
    ['until the one before it is as old as the rate says', 200, [50], one, 850],
    ['not where that is over', 1_050, [50], one, 0],
    ['for the last one only, of several from before the rate was set', 200, [10, 20, 70], one, 870],
    ['for the oldest of as many as the rate allows', 200, [10, 20, 70], two, 820],
    ['for those that were sent since', 400, [10, 20, 300], two, 620],
  ])('waits %s', (_, time, sentAt, rate, wait) => {
    expect(waitAt(time, sentAt, rate)).toBe(wait);
  });
});
