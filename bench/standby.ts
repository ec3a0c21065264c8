/**
 * What `standby` and `race` promise of the same provider twice, over real sockets: two simulators say the same market, and
 * either line fails at random, sometimes both at once.
 *
 *     npm run prove:standby                1,000 failures
 *     npm run prove:standby -- 200 7       failures, seed
 */
import { argv, exit } from 'node:process';
import { faults, type Account } from '../spec/standby/accounts.js';
import { BACK_AFTER, failAtRandom, flapping, PROMOTE_AFTER, type Trial } from '../spec/standby/twoSimulators.js';

const [failures = 1_000, seed = 1] = argv.slice(2).map(Number);

let wrong = 0;

const show = (name: string, account: Account): void => {
  const { delivered, overtaken, holed, switches } = account;
  console.log(`  ${name}: ${delivered} trades delivered by either line, ${switches} switches`);
  console.log(`    ${faults.map((what) => `${what} ${account[what].length}`).join(', ')}`);
  console.log(`    in a hole that was said: ${holed} of neither line, ${overtaken} overtaken`);
  for (const what of faults) {
    wrong += account[what].length;
    for (const each of account[what].slice(0, 5)) console.log(`    ${what}: ${each}`);
  }
};
const showTrial = (title: string, trial: Trial, backAfter: number): void => {
  const { returns, betweenReturns } = trial;
  console.log(`${title}, ${trial.failures} failures in ${trial.seconds} s, seed ${seed}`);
  show('standby', trial.standby);
  const apart = returns > 1 ? `, at least ${betweenReturns} ms apart` : '';
  console.log(`    returns to the primary when it was fresh: ${returns}${apart}`);
  if (betweenReturns < backAfter) wrong += 1;
  show('race', trial.race);
};

const prove = async (): Promise<void> => {
  console.log(`promote.after ${PROMOTE_AFTER} ms, back.after ${BACK_AFTER} ms`);
  showTrial('either line fails at random', await failAtRandom(failures, seed), BACK_AFTER);
  for (const backAfter of [BACK_AFTER, 100]) {
    const title = `the primary flaps each 300 ms, back.after ${backAfter} ms`;
    showTrial(title, await flapping(Math.ceil(failures / 10), backAfter), backAfter);
  }
  if (wrong > 0) exit(1);
};

void prove();
