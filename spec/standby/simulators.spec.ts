import type { Account } from './accounts.js';
import { failAtRandom, flapping } from './twoSimulators.js';

/** What the law of `standby` says in virtual time, over real sockets. `npm run prove:standby` does it 1,000 times. */
const expectSound = (account: Account): void => {
  const { missing, doubled, disordered, outOfTurn, untold, delivered } = account;
  expect({ missing, doubled, disordered, outOfTurn }).toEqual({
    missing: [],
    doubled: [],
    disordered: [],
    outOfTurn: [],
  });
  expect(delivered).toBeGreaterThan(100);
  // Of what neither line had nearly all is said to be missing. What is not is counted by the proof, and told in docs/standby.md.
  expect(untold.length).toBeLessThan(delivered / 100);
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
