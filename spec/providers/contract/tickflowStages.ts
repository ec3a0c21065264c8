import { quotes, type Topic } from '../../../lib/model/topic.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { faulty, type Fault } from '../../../lib/testing/faults/Fault.js';
import type { ContractStage } from '../../../lib/testing/contract/ContractStage.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';
import { countingSockets, simulatedVendor, type Stage } from './stages.js';

const CREDENTIAL = 'tickflow secret/2abf6c0';
const [one, two, unserved] = quotes('600000.SH', '700.HK', 'NOPE.US') as [Topic, Topic, Topic];

const stage = (vendor: ContractStage['vendor'], openSocket: OpenSocket, url?: string): ContractStage => ({
  vendor,
  credential: CREDENTIAL,
  topics: [one, two],
  unserved,
  feed: (topics, apiKey = CREDENTIAL) =>
    tickflow({ apiKey, topics, openSocket, backoff: () => 10, ...(url !== undefined && { url }) }),
});

interface Command {
  readonly op: string;
  readonly symbols: readonly string[];
}

/** TickFlow on a fake network, in virtual time. */
export const tickflowScript = (...faults: readonly Fault[]): ContractStage => {
  const vendor = scriptedVendor('tickflow', { apiKey: CREDENTIAL, unserved: [unserved], every: 100 });
  return stage(vendor, faulty(vendor.openSocket, ...faults));
};

/** TickFlow in the simulator, over real sockets. */
export const tickflowSimulated = async (): Promise<Stage> => {
  const simulator = await startSimulator({ speed: 20, tickflow: { apiKey: CREDENTIAL } });
  const sockets = countingSockets(openNodeSocket);
  const vendor = simulatedVendor(simulator.tickflow, sockets, (text, op) => {
    const command = JSON.parse(text) as Command;
    return command.op === op ? quotes(...command.symbols) : [];
  });
  return { ...stage(vendor, sockets.openSocket, simulator.url), close: () => simulator.close() };
};
