import { asyncScheduler, Subject } from 'rxjs';
import { quotes, topicKey, trades, type FeedEvent, type Topic } from '../../lib/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/index.js';
import { ran, SECOND, type At } from './stage.js';

const start = 1_768_442_400_000;
const s = (seconds: number): number => start + seconds * SECOND;
const span = { from: start, until: s(60) };

interface Command {
  readonly ac: string;
  readonly params: string;
  readonly types?: string;
  readonly op: string;
  readonly channel?: string;
  readonly symbols: readonly string[];
}
/** What a vendor answers to a command, and how many milliseconds after it; `undefined` is nothing. */
type Answers = (command: Command, nth: number) => readonly [wait: number, answer: object] | undefined;

/** A vendor that answers its commands in order, each as late as it likes. */
const vendorOf = (answers: Answers, greeting: readonly object[]) => {
  const commands: Command[] = [];
  const network = fakeNetwork((connection: FakeConnection) => {
    let free = 0;
    connection.received$.subscribe((text) => {
      const command = JSON.parse(text) as Command;
      if (command.ac === 'ping') {
        connection.say(JSON.stringify({ resAc: 'pong', data: { params: command.params } }));
        return;
      }
      commands.push(command);
      const answer = answers(command, commands.length);
      if (!answer) return;
      free = Math.max(free, asyncScheduler.now() + answer[0]);
      asyncScheduler.schedule(() => connection.say(JSON.stringify(answer[1])), free - asyncScheduler.now());
    });
    connection.open();
    greeting.forEach((word) => connection.say(JSON.stringify(word)));
  });
  return { ...network, commands };
};

const itickSays = (
  code: 0 | 1,
  resAc: string | null = 'subscribe',
  msg = code ? 'ok' : 'cannot be resolved action',
) => ({
  code,
  ...(resAc !== null && { resAc }),
  msg,
});
const hello = [
  { code: 1, msg: 'Connected Successfully' },
  { code: 1, resAc: 'auth', msg: 'authenticated' },
];
const tick = (code: string, at: number) =>
  JSON.stringify({ code: 1, data: { s: code, r: 'US', ld: 9, v: 1, t: at, type: 'tick' } });

const itickRun = (
  answers: Answers,
  lists: readonly (readonly [number, readonly Topic[]])[],
  more: (at: At, network: ReturnType<typeof vendorOf>) => void = () => undefined,
) => {
  const network = vendorOf(answers, hello);
  const { values } = ran((at) => {
    const topics$ = new Subject<readonly Topic[]>();
    lists.forEach(([time, topics]) => at(time, () => topics$.next(topics)));
    more(at, network);
    return itick({
      token: 'demo',
      market: 'stock',
      topics: topics$,
      openSocket: network.openSocket,
      backoff: () => 1_000,
    });
  }, span);
  return { values, commands: network.commands };
};
const refusedOf = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.kind === 'refused' ? event.topics.map(topicKey) : []));
const servedOf = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.kind === 'subscribed' ? event.topics.map(topicKey) : []));

const [aapl, msft, nope] = ['AAPL.US', 'MSFT.US', 'NOPE.US'] as const;

describe('a late answer belongs to its command', () => {
  const byName: Answers = ({ ac, params }, nth) =>
    ac === 'subscribe' ? [nth === 1 ? 6 * SECOND : 50, itickSays(params.includes('NOPE') ? 0 : 1)] : undefined;

  it.each([5.5, 5.9, 6.5])('of iTick: the bad one is refused by name, a topic wanted at %d s is served', (wantedAt) => {
    const { values } = itickRun(
      byName,
      [
        [s(0), trades(aapl, nope)],
        [s(wantedAt), trades(aapl, nope, msft)],
      ],
      (at, { connections }) =>
        at(s(40), () => ['AAPL', 'MSFT'].forEach((code) => connections[0]?.say(tick(code, s(40))))),
    );
    expect(new Set(refusedOf(values))).toEqual(new Set(trades(nope).map(topicKey)));
    expect(servedOf(values)).toEqual(expect.arrayContaining(trades(aapl, msft).map(topicKey)));
    const ticks = values.flatMap((event) => (event.kind === 'trade' ? [event.symbol] : []));
    expect(ticks).toEqual([aapl, msft]);
  });

  it('of iTick asked for quotes', () => {
    const { values } = itickRun(byName, [
      [s(0), quotes(aapl, nope)],
      [s(5.5), quotes(aapl, nope, msft)],
    ]);
    expect(new Set(refusedOf(values))).toEqual(new Set(quotes(nope).map(topicKey)));
  });

  it.each([0.1, 6, 9])('of TickFlow: a symbol left out of a `subscribed` after %d s is refused', (wait) => {
    const listed: string[] = [];
    const answers: Answers = ({ op, channel, symbols }, nth) => {
      if (op === 'subscribe') listed.push(...symbols.filter((symbol) => symbol !== '999999.SH'));
      const answer = { op: 'subscribed', channel, symbols: [...listed], total: listed.length };
      return [nth === 1 ? wait * SECOND : 50, answer];
    };
    const network = vendorOf(answers, []);
    const { values } = ran((at) => {
      const topics$ = new Subject<readonly Topic[]>();
      at(s(0), () => topics$.next(quotes('600000.SH', '999999.SH')));
      at(s(5.5), () => topics$.next(quotes('600000.SH', '999999.SH', '600519.SH')));
      return tickflow({ apiKey: 'demo', topics: topics$, openSocket: network.openSocket });
    }, span);
    expect(new Set(refusedOf(values))).toEqual(new Set(quotes('999999.SH').map(topicKey)));
    expect(servedOf(values)).toEqual(expect.arrayContaining(quotes('600000.SH', '600519.SH').map(topicKey)));
  });
});

describe('an `unsubscribe` that iTick does not know', () => {
  it.each([
    ['"subscribe"', 'subscribe', 0.1],
    ['"subscribe"', 'subscribe', 4],
    ['"subscribe"', 'subscribe', 6],
    ['no resAc', null, 0.1],
    ['no resAc', null, 6],
    ['"unsubscribe"', 'unsubscribe', 6],
  ] as const)('costs the next topic nothing, answered with %s (%s) after %d s', (_name, resAc, wait) => {
    const answers: Answers = ({ ac }) =>
      ac === 'subscribe' ? [50, itickSays(1)] : [wait * SECOND, itickSays(0, resAc)];
    const { values, commands } = itickRun(
      answers,
      [
        [s(0), trades(aapl)],
        [s(2), trades(msft)],
      ],
      (at, { connections }) => {
        for (let i = 3; i < 30; i++) at(s(i), () => connections[0]?.say(tick('MSFT', s(i))));
        at(s(30), () => connections[0]?.drop());
      },
    );
    const ticks = values.filter((event) => event.kind === 'trade' && event.symbol === msft);
    expect(ticks.length).toBeGreaterThan(20);
    const said = values.flatMap((event) =>
      (event.kind === 'refused' || event.kind === 'subscribed') && event.receivedAt < s(30)
        ? event.topics.filter(({ symbol }) => symbol === msft).map(() => event.kind)
        : [],
    );
    expect(said.at(-1)).toBe('subscribed');
    const again = commands.filter(({ ac, params }) => ac === 'subscribe' && params.includes('MSFT'));
    expect(again.length).toBeGreaterThan(1);
  });
});
