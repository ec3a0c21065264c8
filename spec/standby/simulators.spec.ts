import { faults, type Account } from './accounts.js';
import { failAtRandom, flapping } from './twoSimulators.js';

/** What the law of `standby` says in virtual time, over real sockets. `npm run prove:standby` does it 1,000 times. */
const expectSound = (account: Account): void => {
  const { missing, doubled, disordered, untold, outOfTurn } = account;
  expect({ missing, doubled, disordered, untold, outOfTurn }).toEqual(
    Object.fromEntries(faults.map((fault) => [fault, []])),
  );
  expect(account.delivered).toBeGreaterThan(100);
};

it('of two simulators of which either fails at random, a standby and a race lose no trade and double none', async () => {
  const { failures, standby, race } = await failAtRandom(30, 11);
  expect(failures).toBeGreaterThanOrEqual(30);
  expect(standby.switches).toBeGreaterThan(0);
  expectSound(standby);
  expectSound(race);
}, 120_000);

it('a primary that flaps each 300 ms makes at most one return in `back.after`', async () => {
  const { standby, race, returns, betweenReturns } = await flapping(8, 100);
  expect(betweenReturns).toBeGreaterThanOrEqual(100);
  expect(standby.switches).toBeLessThanOrEqual(2 * returns + 1);
  expect(standby.switches).toBeGreaterThan(0);
  expectSound(standby);
  expectSound(race);
}, 120_000);
