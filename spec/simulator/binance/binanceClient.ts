import type { ClientOptions } from 'ws';
import {
  startSimulator,
  type BinanceRules,
  type Simulator,
  type SimulatorOptions,
} from '../../../lib/simulator/index.js';
import { rawClient, type RawClient } from '../rawClient.js';

/** A Tuesday, 02:00 UTC. */
export const START = Date.UTC(2026, 3, 21, 2);

/** A frame of Binance, as far as specs look into it. */
export interface Payload {
  readonly e?: string;
  readonly E: number;
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
  readonly k: Readonly<Record<string, unknown>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** One kline of REST. */
export type KlineRow = readonly [
  number,
  string,
  string,
  string,
  string,
  string,
  number,
  string,
  number,
  string,
  string,
  string,
];

/** A simulator whose market only `step()` moves, and ways to ask its Binance. */
export interface Binance {
  readonly simulator: Simulator;
  readonly connect: (path: string, options?: ClientOptions) => Promise<RawClient>;
  readonly ask: (path: string) => Promise<Answered>;
  readonly json: <T>(path: string) => Promise<T>;
  readonly steps: (count: number) => void;
}

const started: Simulator[] = [];

/** Closes all simulators of the spec. */
export const closeAll = (): Promise<unknown> => Promise.all(started.splice(0).map((simulator) => simulator.close()));

/** Its clients may send as much as they like, unless the rules say otherwise. */
export const binance = async (rules: BinanceRules = {}, options: SimulatorOptions = {}): Promise<Binance> => {
  const simulator = await startSimulator({
    speed: 0,
    start: START,
    binance: { messages: { count: Infinity, per: 1_000 }, ...rules },
    ...options,
  });
  started.push(simulator);
  const ask: Binance['ask'] = async (path) => {
    const response = await fetch(`${simulator.restUrl}/api/v3/${path}`);
    return { status: response.status, headers: response.headers, json: await response.json() };
  };
  return {
    simulator,
    connect: (path, ws) => rawClient(simulator.url + path, ws),
    ask,
    json: async <T>(path: string) => (await ask(path)).json as T,
    steps: (count) => {
      for (let step = 0; step < count; step += 1) simulator.step();
    },
  };
};

/** Sends a command and gives its answer; what comes before the answer is left out. */
export const command = async (client: RawClient, sent: object): Promise<Readonly<Record<string, unknown>>> => {
  client.send(sent);
  for (;;) {
    const frame = JSON.parse(await client.text()) as Readonly<Record<string, unknown>>;
    if ('result' in frame || 'code' in frame || 'error' in frame) return frame;
  }
};

let asked = 0;

/** All payloads that came until now: an answer to a command comes behind them. */
export const drained = async (client: RawClient): Promise<Payload[]> => {
  const id = `drained${(asked += 1)}`;
  client.send({ method: 'LIST_SUBSCRIPTIONS', id });
  const payloads: Payload[] = [];
  for (;;) {
    const frame = JSON.parse(await client.text()) as { readonly id?: string; readonly data?: Payload };
    if (frame.id === id) return payloads;
    payloads.push(frame.data ?? (frame as Payload));
  }
};
