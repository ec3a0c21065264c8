import { asyncScheduler } from 'rxjs';
import { parseSymbol } from '../../../lib/model/symbol.js';
import { quotes, topicKey, type Topic } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { faulty, type Fault } from '../../../lib/testing/faults/Fault.js';
import type { ContractStage } from '../../../lib/testing/contract/ContractStage.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';
import { countingSockets, simulatedVendor, type Stage } from './stages.js';
import { scriptedVendor } from './scriptedVendor.js';

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

/** iTick on a fake network: hello, login by header, answers without ids, pongs, a volume that grows. */
export const itickScript = (...faults: readonly Fault[]): ContractStage => {
  let volume = 0;
  const { vendor, openSocket } = scriptedVendor({
    accept: (connection) => {
      connection.open();
      connection.say('{"code":1,"msg":"Connected Successfully"}');
      if (connection.options.headers['token'] === CREDENTIAL) {
        connection.loggedIn();
        connection.say(`{"code":1,"resAc":"auth","msg":"authenticated","data":{"params":"${CREDENTIAL}"}}`);
      } else {
        connection.say('{"code":0,"resAc":"auth","msg":"auth failed"}');
        connection.close();
      }
    },
    answer: (connection, text) => {
      const command = JSON.parse(text) as Command;
      if (command.ac === 'ping') {
        connection.say(JSON.stringify({ resAc: 'pong', data: { params: command.params } }));
        return;
      }
      const topics = topicsOf(command);
      if (command.ac === 'unsubscribe') {
        topics.forEach(connection.withdrawn);
        connection.say('{"code":1,"resAc":"unsubscribe","msg":"unsubscribe Successfully"}');
      } else if (topics.some((topic) => topicKey(topic) === topicKey(unserved))) {
        connection.say('{"code":0,"resAc":"subscribe","msg":"cannot be resolved action"}');
      } else {
        topics.forEach(connection.asked);
        connection.say('{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}');
      }
    },
    data: ({ symbol }) => {
      const { code, venue } = parseSymbol(symbol);
      volume += 100;
      const data = { s: code, r: venue, ld: 225.215, v: volume, t: asyncScheduler.now(), type: 'quote' };
      return JSON.stringify({ code: 1, data });
    },
  });
  return stage(vendor, faulty(openSocket, ...faults));
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
