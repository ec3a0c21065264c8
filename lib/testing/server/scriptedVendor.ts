import {
  asyncScheduler,
  BehaviorSubject,
  endWith,
  ignoreElements,
  interval,
  map,
  of,
  takeUntil,
  timer,
  type Observable,
} from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { isMarketKind } from '../../model/kinds.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { topicOf } from '../../model/topicOf.js';
import { fakeNetwork, type FakeConnection } from '../fakeNetwork.js';
import { aMarketEvent, checkLetters } from '../feeds.js';
import { binanceDialect } from './binanceDialect.js';
import type { Client, Dialect, ScriptedFetch, ScriptedVendor, VendorAct, VendorScripts } from './Dialect.js';
import { itickDialect } from './itickDialect.js';
import { tickflowDialect } from './tickflowDialect.js';

const dialects: { readonly [V in keyof VendorScripts]: (script: VendorScripts[V]) => Dialect } = {
  itick: itickDialect,
  tickflow: tickflowDialect,
  binance: binanceDialect,
};

/**
 * A vendor with the protocol of iTick, TickFlow or Binance on a fake network: answers the login, pings and subscriptions by
 * itself, and sends what the test makes it send. All its timers obey the RxJS clock, so run it in virtual time;
 * `marbles` has it as `server`, whose data and happenings can be drawn.
 *
 * @example
 * const vendor = scriptedVendor('itick', { token, every: 100 });
 * itick({ token, market: 'stock', topics, openSocket: vendor.openSocket });
 */
export const scriptedVendor = <V extends keyof VendorScripts>(
  name: V,
  script: VendorScripts[V] = {},
): ScriptedVendor => {
  const dialect = dialects[name](script);
  const live$ = new BehaviorSubject(0);
  const clients = new Set<Client>();
  const asked: string[] = [];
  const unsubscribed: string[] = [];
  let refusal: { readonly status: number; readonly retryAfter: string | undefined } | undefined;
  let muted = false;
  let made = 0;

  const clientOf = (connection: FakeConnection): Client => {
    const topics = new Map<string, Topic>();
    const client: Client = {
      url: new URL(connection.url),
      headers: connection.options.headers,
      topics,
      open: connection.open,
      refuse: (status, reason) => connection.refuse(status, undefined, reason),
      loggedIn: () => {
        clients.add(client);
        live$.next(clients.size);
      },
      subscribe: (some) => some.forEach((topic) => topics.set(topicKey(topic), topic)),
      unsubscribe: (some) => some.forEach((topic) => topics.delete(topicKey(topic))),
      say: (frame) => {
        if (!muted) connection.say(frame);
      },
      ping: () => {
        if (!muted) connection.ping();
      },
      close: () => connection.close(),
    };
    return client;
  };

  const { openSocket, connections } = fakeNetwork((connection) => {
    if (refusal) {
      connection.refuse(refusal.status, refusal.retryAfter);
      return;
    }
    const client = clientOf(connection);
    const beats = (ms: number | undefined, beat: () => void): void => {
      if (ms !== undefined)
        interval(ms)
          .pipe(takeUntil(endOf(connection)))
          .subscribe(beat);
    };
    connection.received$.subscribe({
      next: (text) => {
        const command = dialect.read(text);
        if (command) (command.asks ? asked : unsubscribed).push(...command.topics.map(topicKey));
        dialect.receive(client, text);
      },
      complete: () => {
        if (clients.delete(client)) live$.next(clients.size);
      },
    });
    beats(dialect.pingEvery, client.ping);
    beats(script.every, () =>
      client.topics.forEach((topic) => {
        const event = madeUp(topic, (made += 1));
        if (dialect.isNumbered && event.kind === 'depth') send(event);
        else client.say(dialect.frame(event)(client));
      }),
    );
    dialect.meet(client);
  });

  const send = (event: MarketEvent): void => {
    const key = topicKey(topicOf(event));
    // Made for every event, wanted or not: the day's volume grows without subscribers too.
    const frame = dialect.frame(event);
    clients.forEach((client) => {
      if (client.topics.has(key)) client.say(frame(client));
    });
  };
  const fetch: ScriptedFetch = (address) =>
    timer(0).pipe(
      map(() => {
        const { status, json } = dialect.answer?.(new URL(address)) ?? { status: 404, json: {} };
        return { status, headers: { get: () => null }, text: () => of(JSON.stringify(json)) };
      }),
    );
  const all = (act: (connection: FakeConnection) => void): void => connections.forEach(act);

  const vendor: ScriptedVendor = {
    openSocket,
    fetch,
    connections,
    asked,
    unsubscribed,
    live$,
    get attempts() {
      return connections.length;
    },
    get live() {
      return clients.size;
    },
    act: (act: VendorAct) => {
      if (typeof act === 'function') act(vendor);
      else if (typeof act === 'string') vendor.say(act);
      else send(aMarketEvent(act));
    },
    say: (frame) => {
      if (!muted) all((connection) => connection.say(frame));
    },
    drop: () => all((connection) => connection.drop()),
    close: (code, reason) => all((connection) => connection.close(code, reason)),
    refuse: (status, retryAfter) => {
      refusal = { status, retryAfter };
    },
    accept: () => {
      refusal = undefined;
    },
    mute: (on = true) => {
      muted = on;
    },
  };
  return vendor;
};

const endOf = ({ received$ }: FakeConnection): Observable<string> => received$.pipe(ignoreElements(), endWith('over'));

/** An event of a topic: the `count`th that is made up, and one more unit in the day's volume. */
const madeUp = (topic: Topic, count: number): MarketEvent => {
  const { symbol } = topic;
  const time = asyncScheduler.now();
  if (topic.channel !== 'kline') {
    if (!isMarketKind(topic.channel)) throw new Error('no such vendor has channels of its own');
    return aMarketEvent({ kind: topic.channel, symbol, time, volume: count });
  }
  // A bar has to open at some time.
  return aMarketEvent({
    kind: topic.channel,
    symbol,
    interval: topic.interval,
    openTime: MINUTE,
    closeTime: 2 * MINUTE,
  });
};

const MINUTE = 60_000;

/** A scripted vendor whose doings can be drawn. */
export interface MarbleVendor extends ScriptedVendor {
  /**
   * Draws what the vendor does and when, counted from the beginning of the test: `x` drops all connections, any other
   * letter does what `values` says.
   *
   * @example
   * vendor.says('-t-x-t-j-s', { t: aTrade(), j: '{"junk', s: ({ mute }) => mute() })
   */
  readonly says: (diagram: string, values?: Readonly<Record<string, VendorAct>>) => void;
}

/** Makes the scripted vendor of a marble test. */
export type MarbleServer = <V extends keyof VendorScripts>(vendor: V, script?: VendorScripts[V]) => MarbleVendor;

/** The `server` of a test in virtual time. */
export const marbleServer =
  ({ hot }: RunHelpers): MarbleServer =>
  (name, script) => {
    const vendor = scriptedVendor(name, script);
    const says: MarbleVendor['says'] = (diagram, values = {}) => {
      const letters: Readonly<Record<string, VendorAct>> = { x: ({ drop }) => drop(), ...values };
      checkLetters(diagram, letters);
      hot<VendorAct>(diagram, letters).subscribe(vendor.act);
    };
    return Object.defineProperties({ says }, Object.getOwnPropertyDescriptors(vendor)) as MarbleVendor;
  };
