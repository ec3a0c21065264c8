import { feedContract } from '../../../lib/testing/contract/feedContract.js';
import { runLive, runVirtually } from '../../../lib/testing/contract/describeFeed.js';
import { delayBy } from '../../../lib/testing/faults/connectionFaults.js';
import { duplicate } from '../../../lib/testing/faults/frameFaults.js';
import type { Fault } from '../../../lib/testing/faults/intercept.js';
import { binanceScript, binanceSimulated } from './binanceStages.js';
import { itickScript, itickSimulated } from './itickStages.js';
import { tickflowScript, tickflowSimulated } from './tickflowStages.js';

/** Those of a vendor that serves everybody are not about a credential. */
const secretless = feedContract.filter(({ secret }) => !secret);

const providers = [
  { name: 'itick', script: itickScript, simulated: itickSimulated, clauses: feedContract },
  { name: 'tickflow', script: tickflowScript, simulated: tickflowSimulated, clauses: feedContract },
  { name: 'binance', script: binanceScript, simulated: binanceSimulated, clauses: secretless },
];

describe.each(providers)('the feed contract, kept by $name', ({ script, simulated, clauses }) => {
  describe('on a fake network in virtual time', () => {
    it.each(clauses.map((clause) => [clause.name, clause] as const))('%s', (_, clause) => {
      runVirtually(clause, () => script())();
    });
  });

  describe('over a slow line that says data twice', () => {
    const isData = (frame: string): boolean => /"type":"quote"|"op":"quotes"|"stream":/.test(frame);
    const faults = (): readonly Fault[] => [
      delayBy({ latency: 40, jitter: 30 }),
      duplicate({ share: 0.3, only: isData }),
    ];

    it.each(clauses.map((clause) => [clause.name, clause] as const))('%s', (_, clause) => {
      runVirtually(clause, () => script(...faults()))();
    });
  });

  describe('against the simulator on loopback', () => {
    it.each(clauses.map((clause) => [clause.name, clause] as const))('%s', async (_, clause) => {
      const stage = await simulated();
      try {
        await runLive(clause, stage);
      } finally {
        await stage.close();
      }
    });
  });
});
