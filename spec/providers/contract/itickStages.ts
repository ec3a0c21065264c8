import { quotes, type Topic } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { faulty, type Fault } from '../../../lib/testing/faults/intercept.js';
import type { ContractStage } from '../../../lib/testing/contract/stage.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import { SECRET } from '../../secrets/secret.cjs';
import { countingSockets, simulatedVendor, type Line, type Stage } from './stages.js';
import { tapedStage, type MakeFeed, type TapedStage } from './taped.js';

const [one, two, unserved] = quotes('AAPL.US', '700.HK', 'NOPE.US') as [Topic, Topic, Topic];

/** The feed on each of these stages. */
export const itickFeed: MakeFeed = (topics, token, from) =>
  itick({ token, market: 'stock', topics, backoff: () => 10, ...from });

const stage = (vendor: ContractStage['vendor'], from: Line): ContractStage => ({
  vendor,
  credential: SECRET,
  topics: [one, two],
  unserved,
  stray: '{"code":1,"data":{"s":"MSFT","r":"US","ld":1,"type":"quote","t":1700000000000}}',
  feed: (topics, token = SECRET) => itickFeed(topics, token, from),
});

interface Command {
  readonly ac: string;
  readonly params: string;
  readonly types?: string;
}

const topicsOf = ({ params, types = '' }: Command): Topic[] =>
  types === 'quote' ? quotes(...params.split(',').map((code) => code.replaceAll('$', '.'))) : [];

const itickVendor = (): ScriptedVendor =>
  scriptedVendor('itick', { token: SECRET, echoToken: true, unserved: [unserved], every: 100 });

/** iTick on a fake network, in virtual time. */
export const itickScript = (...faults: readonly Fault[]): ContractStage => {
  const vendor = itickVendor();
  return stage(vendor, { openSocket: faulty(vendor.openSocket, ...faults) });
};

/** The same, with each of its feeds on a cassette. */
export const itickTaped = (): TapedStage => {
  const vendor = itickVendor();
  return tapedStage(stage(vendor, { openSocket: vendor.openSocket }), vendor, itickFeed);
};

/** iTick in the simulator, over real sockets. */
export const itickSimulated = async (): Promise<Stage> => {
  const simulator = await startSimulator({ speed: 20, itick: { token: SECRET } });
  const sockets = countingSockets(openNodeSocket);
  const vendor = simulatedVendor(simulator.itick, sockets, (text, op) => {
    const command = JSON.parse(text) as Command;
    return command.ac === op ? topicsOf(command) : [];
  });
  return { ...stage(vendor, { openSocket: sockets.openSocket, url: simulator.url }), close: () => simulator.close() };
};
