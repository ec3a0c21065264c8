import { feedContract } from '../../../lib/testing/contract/feedContract.js';
import { provenLive, provenVirtually } from '../../../lib/testing/contract/proven.js';
import { delayBy } from '../../../lib/testing/faults/connectionFaults.js';
import { duplicate } from '../../../lib/testing/faults/frameFaults.js';
import type { Fault } from '../../../lib/testing/faults/intercept.js';
import { itickScript, itickSimulated } from './itickStages.js';
import { tickflowScript, tickflowSimulated } from './tickflowStages.js';

const providers = [
  { name: 'itick', script: itickScript, simulated: itickSimulated },
  { name: 'tickflow', script: tickflowScript, simulated: tickflowSimulated },
];

describe.each(providers)('the feed contract, kept by $name', ({ script, simulated }) => {
  describe('on a fake network in virtual time', () => {
    it.each(feedContract.map((clause) => [clause.name, clause] as const))('%s', (_, clause) => {
      provenVirtually(clause, () => script())();
    });
  });

  describe('over a slow line that says data twice', () => {
    const isData = (frame: string): boolean => /"type":"quote"|"op":"quotes"/.test(frame);
    const faults = (): readonly Fault[] => [
      delayBy({ latency: 40, jitter: 30 }),
      duplicate({ share: 0.3, only: isData }),
    ];

    it.each(feedContract.map((clause) => [clause.name, clause] as const))('%s', (_, clause) => {
      provenVirtually(clause, () => script(...faults()))();
    });
  });

  describe('against the simulator on loopback', () => {
    it.each(feedContract.map((clause) => [clause.name, clause] as const))('%s', async (_, clause) => {
      const stage = await simulated();
      try {
        await provenLive(clause, stage);
      } finally {
        await stage.close();
      }
    });
  });
});
