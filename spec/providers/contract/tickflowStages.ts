import { quotes, type Topic } from '../../../lib/model/topic.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { faulty, type Fault } from '../../../lib/testing/faults/intercept.js';
import type { ContractStage } from '../../../lib/testing/contract/stage.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import { SECRET } from '../../secrets/secret.cjs';
import { countingSockets, simulatedVendor, type Line, type Stage } from './stages.js';
import { tapedStage, type MakeFeed, type TapedStage } from './taped.js';

const [one, two, unserved] = quotes('600000.SH', '700.HK', 'NOPE.US') as [Topic, Topic, Topic];

/** The feed on each of these stages. */
export const tickflowFeed: MakeFeed = (topics, apiKey, from) =>
  tickflow({ apiKey, topics, backoff: () => 10, ...from });

const stage = (vendor: ContractStage['vendor'], from: Line): ContractStage => ({
  vendor,
  credential: SECRET,
  topics: [one, two],
  unserved,
  stray: '{"op":"quotes","data":[{"symbol":"MSFT.US","region":"US","last_price":1,"timestamp":1700000000000}]}',
  feed: (topics, apiKey = SECRET) => tickflowFeed(topics, apiKey, from),
});

interface Command {
  readonly op: string;
  readonly symbols: readonly string[];
}

const tickflowVendor = (): ScriptedVendor =>
  scriptedVendor('tickflow', { apiKey: SECRET, unserved: [unserved], every: 100 });

/** TickFlow on a fake network, in virtual time. */
export const tickflowScript = (...faults: readonly Fault[]): ContractStage => {
  const vendor = tickflowVendor();
  return stage(vendor, { openSocket: faulty(vendor.openSocket, ...faults) });
};

/** The same, with each of its feeds on a cassette. */
export const tickflowTaped = (): TapedStage => {
  const vendor = tickflowVendor();
  return tapedStage(stage(vendor, { openSocket: vendor.openSocket }), vendor, tickflowFeed);
};

/** TickFlow in the simulator, over real sockets. */
export const tickflowSimulated = async (): Promise<Stage> => {
  const simulator = await startSimulator({ speed: 20, tickflow: { apiKey: SECRET } });
  const sockets = countingSockets(openNodeSocket);
  const vendor = simulatedVendor(simulator.tickflow, sockets, (text, op) => {
    const command = JSON.parse(text) as Command;
    return command.op === op ? quotes(...command.symbols) : [];
  });
  return { ...stage(vendor, { openSocket: sockets.openSocket, url: simulator.url }), close: () => simulator.close() };
};
