import { asyncScheduler } from 'rxjs';
import { quotes, topicKey, type Topic } from '../../../lib/model/topic.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { faulty, type Fault } from '../../../lib/testing/faults/Fault.js';
import type { ContractStage } from '../../../lib/testing/contract/ContractStage.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';
import { scriptedVendor } from './scriptedVendor.js';
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

/** TickFlow on a fake network: the key in the address, every command answered with all that a channel serves; a volume that grows. */
export const tickflowScript = (...faults: readonly Fault[]): ContractStage => {
  let volume = 0;
  const { vendor, openSocket } = scriptedVendor({
    accept: (connection) => {
      if (new URL(connection.url).searchParams.get('api_key') !== CREDENTIAL) {
        connection.refuse(401, undefined, '{"code":"UNAUTHORIZED","message":"invalid api key"}');
        return;
      }
      // The upgrade is the login.
      connection.loggedIn();
      connection.open();
    },
    answer: (connection, text) => {
      const command = JSON.parse(text) as Command;
      const topics = quotes(...command.symbols);
      if (command.op === 'unsubscribe') topics.forEach(connection.withdrawn);
      else topics.filter((topic) => topicKey(topic) !== topicKey(unserved)).forEach(connection.asked);
      const symbols = [...connection.topics.values()].map(({ symbol }) => symbol);
      connection.say(JSON.stringify({ op: 'subscribed', channel: 'quotes', symbols, total: symbols.length }));
    },
    data: ({ symbol }) => {
      volume += 1;
      const row = { symbol, region: 'CN', last_price: 9.72, volume, timestamp: asyncScheduler.now() };
      return JSON.stringify({ op: 'quotes', data: [row] });
    },
  });
  return stage(vendor, faulty(openSocket, ...faults));
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
