import { delay } from 'rxjs';
import { depths, quotes, trades, type Topic } from '../../../lib/model/topic.js';
import { binance } from '../../../lib/providers/binance/index.js';
import { topicsAsked } from '../../../lib/providers/binance/requests.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import type { ContractStage } from '../../../lib/testing/contract/stage.js';
import { delayBy } from '../../../lib/testing/faults/connectionFaults.js';
import { faulty, type Fault } from '../../../lib/testing/faults/intercept.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import { openNodeSocket } from '../../../lib/transport/openNodeSocket.js';
import { countingSockets, simulatedVendor, type Line, type Stage } from './stages.js';
import { tapedStage, type MakeFeed, type TapedStage } from './taped.js';

/** A book among them, which is put together from REST. */
const [one, two] = [...trades('BTCUSDT.BA'), ...depths('ETHUSDT.BA')] as [Topic, Topic];
const [unserved] = quotes('NOPEUSDT.BA') as [Topic];

/** The feed on each of these stages. */
export const binanceFeed: MakeFeed = (topics, _, from) => binance({ topics, backoff: () => 10, ...from });

const stage = (vendor: ContractStage['vendor'], from: Line): ContractStage => ({
  vendor,
  topics: [one, two],
  unserved,
  stray: '{"stream":"solusdt@aggTrade","data":{"s":"SOLUSDT","a":1,"p":"1","q":"1","T":1700000000000}}',
  feed: (topics) => binanceFeed(topics, '', from),
});

const binanceVendor = (): ScriptedVendor => scriptedVendor('binance', { unserved: [unserved], every: 100 });

/** Binance on a fake network, in virtual time. */
export const binanceScript = (...faults: readonly Fault[]): ContractStage => {
  const vendor = binanceVendor();
  return stage(vendor, { openSocket: faulty(vendor.openSocket, ...faults), fetch: vendor.fetch });
};

/**
 * The same, with each of its feeds on a cassette. A list that changes is known to half a millisecond, and an answer that names its command is
 * none before that was sent: the vendor takes some milliseconds.
 */
export const binanceTaped = (): TapedStage => {
  const vendor = binanceVendor();
  const openSocket = faulty(vendor.openSocket, delayBy({ latency: 3 }));
  const line = { openSocket, fetch: (url: string) => vendor.fetch(url).pipe(delay(5)) };
  return tapedStage(stage(vendor, line), line, binanceFeed);
};

/** Binance in the simulator, over real sockets. It keeps its limits, which are of this machine's time. */
export const binanceSimulated = async (): Promise<Stage> => {
  const speed = 20;
  const simulator = await startSimulator({ speed });
  const sockets = countingSockets(openNodeSocket);
  const withdrawn = (text: string): readonly Topic[] => topicsAsked(text.replace('"UNSUBSCRIBE"', '"SUBSCRIBE"'));
  const vendor = simulatedVendor(simulator.binance, sockets, (text, op) =>
    text.includes(`"${op.toUpperCase()}"`) ? withdrawn(text) : [],
  );
  const { url, restUrl } = simulator;
  return { ...stage(vendor, { openSocket: sockets.openSocket, url, restUrl }), close: () => simulator.close() };
};
