import type { Clause } from './Clause.js';
import type { ContractVendor } from './ContractStage.js';
import { expectEqual, keys } from './expectations.js';
import { dataOf, following, heard } from './following.js';

/** After any kind of loss: the gap has its events with the cause, and every topic is asked for again. */
export const lossClause = (what: string, lose: (vendor: ContractVendor) => void): Clause => ({
  name: `says the gap after ${what}, comes back, and asks for everything again`,
  prove: ({ feed, vendor, topics: [one, two] }) =>
    following(feed([one, two]), vendor, [
      { when: dataOf(one) },
      { when: dataOf(two), then: () => lose(vendor) },
      {
        when: heard('disconnected'),
        then: (event) => expectEqual('cause', event?.kind === 'disconnected' && event.cause._tag, 'ConnectionLost'),
      },
      {
        when: heard('connected'),
        then: (event) => {
          const hole = event?.kind === 'connected' ? event.resumed : undefined;
          expectEqual('a hole with a beginning and an end', hole !== undefined && hole.from <= hole.to, true);
        },
      },
      { when: dataOf(one) },
      {
        when: dataOf(two),
        then: () => expectEqual('asked', [...vendor.asked].sort(), [...keys(one, one, two, two)].sort()),
      },
    ]),
});
