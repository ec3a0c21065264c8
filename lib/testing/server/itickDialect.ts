import type { Depth, Kline, Level, MarketEvent, Quote, Trade } from '../../model/marketEvent.js';
import type { Interval } from '../../model/interval.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { depths, klines, quotes, topicKey, trades, type Topic } from '../../model/topic.js';
import { symbolsIn, type Client, type Dialect, type ItickScript } from './Dialect.js';

const klineCodes: Readonly<Partial<Record<Interval, number>>> = {
  '1m': 1,
  '5m': 2,
  '10m': 3,
  '15m': 3,
  '30m': 4,
  '1h': 5,
  '2h': 6,
  '4h': 7,
  '1d': 8,
  '1w': 9,
  '1M': 10,
};
const intervalOf = new Map(
  Object.entries(klineCodes).map(([interval, code]) => [`kline@${code}`, interval as Interval]),
);

interface ItickCommand {
  readonly ac: 'auth' | 'ping' | 'subscribe' | 'unsubscribe';
  readonly params: string;
  readonly types?: string;
}

/** iTick: a login by header, query or message, answers that name no topics, an application ping. */
export const itickDialect = ({
  token = 'demo',
  echoToken = false,
  unserved = [],
  maxSymbols = Infinity,
}: ItickScript): Dialect => {
  const absent = new Set(unserved.map(topicKey));
  const frame = itickFrames();

  const login = (client: Client, given: string | undefined): void => {
    if (given !== token) {
      client.say('{"code":0,"resAc":"auth","msg":"auth failed"}');
      client.close();
      return;
    }
    client.loggedIn();
    answer(client, 'auth', 1, 'authenticated', echoToken ? { data: { params: token } } : {});
  };
  const subscribe = (client: Client, topics: readonly Topic[]): void => {
    if (topics.some((topic) => absent.has(topicKey(topic)))) {
      answer(client, 'subscribe', 0, 'cannot be resolved action');
    } else if (symbolsIn([...client.topics.values(), ...topics]) > maxSymbols) {
      answer(client, 'subscribe', 0, 'exceeding the maximum subscription limit');
    } else {
      client.subscribe(topics);
      answer(client, 'subscribe', 1, 'subscribe Successfully');
    }
  };

  return {
    pingEvery: undefined,
    frame,
    meet: (client) => {
      client.open();
      client.say('{"code":1,"msg":"Connected Successfully"}');
      const given = client.headers['token'] ?? client.url.searchParams.get('token');
      if (given !== null) login(client, given);
    },
    read: (text) => {
      const command = JSON.parse(text) as ItickCommand;
      if (command.ac !== 'subscribe' && command.ac !== 'unsubscribe') return undefined;
      return { asks: command.ac === 'subscribe', topics: topicsOf(command) };
    },
    receive: (client, text) => {
      const command = JSON.parse(text) as ItickCommand;
      switch (command.ac) {
        case 'auth':
          return login(client, command.params);
        case 'ping':
          return client.say(JSON.stringify({ resAc: 'pong', data: { params: command.params } }));
        case 'subscribe':
          return subscribe(client, topicsOf(command));
        case 'unsubscribe':
          client.unsubscribe(topicsOf(command));
          return answer(client, 'unsubscribe', 1, 'unsubscribe Successfully');
      }
    },
  };
};

const answer = (client: Client, resAc: string, code: 0 | 1, msg: string, more: object = {}): void =>
  client.say(JSON.stringify({ code, resAc, msg, ...more }));

/** Every type of every symbol: `AAPL$US,700$HK` and `quote,kline@1`. */
const topicsOf = ({ params, types = '' }: ItickCommand): readonly Topic[] => {
  const symbols = params.split(',').map((symbol) => symbol.replaceAll('$', '.'));
  return types.split(',').flatMap((type) => {
    if (type === 'tick') return trades(symbols);
    if (type === 'quote') return quotes(symbols);
    if (type === 'depth') return depths(symbols);
    const interval = intervalOf.get(type);
    return interval === undefined ? [] : klines(interval, symbols);
  });
};

/** Its frames. On the stock cluster a tick has no size but the day's volume, which is summed up where an event says none. */
const itickFrames = (): Dialect['frame'] => {
  const volumes = new Map<string, number>();
  const push = (event: MarketEvent, row: object): string =>
    JSON.stringify({ code: 1, data: { s: canonicalSymbol(event.symbol), ...row, t: timeOf(event.time) } });
  const tick = (event: Trade): ((client: Client) => string) => {
    const volume = event.volume ?? (volumes.get(event.symbol) ?? 0) + (event.size ?? 0);
    volumes.set(event.symbol, volume);
    const row = { ld: event.price, d: directionOf(event), type: 'tick' };
    return ({ url }) => push(event, { ...row, v: url.pathname.endsWith('/stock') ? volume : event.size });
  };
  return (event) => {
    switch (event.kind) {
      case 'trade':
        return tick(event);
      case 'quote':
        return () => push(event, quoteRow(event));
      case 'depth':
        return () => push(event, depthRow(event));
      case 'bbo':
        throw new Error('iTick pushes no bbos');
      case 'kline':
        return () => push({ ...event, time: event.openTime }, klineRow(event));
    }
  };
};

/** In seconds where its readers would take milliseconds for seconds. */
const timeOf = (time: number): number | undefined => (time === 0 ? undefined : time < 1e11 ? time / 1_000 : time);

const directionOf = ({ aggressor }: Trade): number => (aggressor === undefined ? 0 : aggressor === 'seller' ? 1 : 2);

const statusCodes: Readonly<Record<string, number>> = { halted: 1, delisted: 2 };

const quoteRow = ({ last, open, high, low, previousClose, volume, turnover, status = 'normal' }: Quote): object => ({
  ld: last,
  o: open,
  h: high,
  l: low,
  p: previousClose,
  v: volume,
  tu: turnover,
  ts: statusCodes[status] ?? 0,
  type: 'quote',
});

const side = (levels: readonly Level[]): readonly object[] =>
  levels.map(({ price, size, orders }, index) => ({ po: index + 1, p: price, v: size, o: orders }));

const depthRow = ({ bids, asks }: Depth): object => ({ a: side(asks), b: side(bids), type: 'depth' });

const klineRow = ({ interval, open, high, low, close, volume, turnover }: Kline): object => ({
  o: open,
  h: high,
  l: low,
  c: close,
  v: volume,
  tu: turnover,
  type: `kline@${klineCodes[interval]}`,
});
