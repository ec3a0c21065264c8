import { quotes, type Topic } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { faulty, type Fault } from '../../../lib/testing/faults/Fault.js';
import type { ContractStage } from '../../../lib/testing/contract/ContractStage.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';
import { countingSockets, simulatedVendor, type Stage } from './stages.js';

const CREDENTIAL = 'itick-secret-2abf6c0';
const [one, two, unserved] = quotes('AAPL.US', '700.HK', 'NOPE.US') as [Topic, Topic, Topic];

const stage = (vendor: ContractStage['vendor'], openSocket: OpenSocket, url?: string): ContractStage => ({
  vendor,
  credential: CREDENTIAL,
  topics: [one, two],
  unserved,
  feed: (topics, token = CREDENTIAL) =>
    itick({ token, market: 'stock', topics, openSocket, backoff: () => 10, ...(url !== undefined && { url }) }),
});

interface Command {
  readonly ac: string;
  readonly params: string;
  readonly types?: string;
}

const topicsOf = ({ params, types = '' }: Command): Topic[] =>
  types === 'quote' ? quotes(...params.split(',').map((code) => code.replaceAll('$', '.'))) : [];

/** iTick on a fake network, in virtual time. */
export const itickScript = (...faults: readonly Fault[]): ContractStage => {
  const vendor = scriptedVendor('itick', { token: CREDENTIAL, echoToken: true, unserved: [unserved], every: 100 });
  return stage(vendor, faulty(vendor.openSocket, ...faults));
};

/** iTick in the simulator, over real sockets. */
export const itickSimulated = async (): Promise<Stage> => {
  const simulator = await startSimulator({ speed: 20, itick: { token: CREDENTIAL } });
  const sockets = countingSockets(openNodeSocket);
  const vendor = simulatedVendor(simulator.itick, sockets, (text, op) => {
    const command = JSON.parse(text) as Command;
    return command.ac === op ? topicsOf(command) : [];
  });
  return { ...stage(vendor, sockets.openSocket, simulator.url), close: () => simulator.close() };
};
