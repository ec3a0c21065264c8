import { startSimulator, type Simulator, type SimulatorOptions } from '../../../lib/simulator/index.js';

/** A Tuesday, 10:00 in Shanghai. */
export const START = Date.UTC(2026, 3, 21, 2);
export const MINUTE = 60_000;

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed; `undefined` when it is no JSON. */
  readonly json: unknown;
}

/** What a simulator on loopback answers, by `fetch`. */
export interface Asking {
  readonly simulator: Simulator;
  readonly ask: (path: string, init?: RequestInit) => Promise<Answered>;
  /** With the token of iTick; the `data` of the answer. */
  readonly itick: <T = unknown>(path: string) => Promise<T>;
  /** With the key of TickFlow; the `data` of the answer. */
  readonly tickflow: <T = unknown>(path: string, init?: RequestInit) => Promise<T>;
}

export const token = { token: 'demo' };
export const key = { 'x-api-key': 'demo' };

export interface ItickBar {
  readonly t: number;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
  readonly tu: number;
}

export interface Columns {
  readonly timestamp: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
  readonly amount: readonly number[];
  readonly prev_close?: readonly number[];
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const started: Simulator[] = [];

/** Closes all simulators of the spec. */
export const closeAll = (): Promise<unknown> => Promise.all(started.splice(0).map((simulator) => simulator.close()));

/** A simulator whose market only `step()` moves, and ways to ask it. */
export const asking = async (options: SimulatorOptions = {}): Promise<Asking> => {
  const simulator = await startSimulator({ speed: 0, start: START, ...options });
  started.push(simulator);
  const ask: Asking['ask'] = async (path, init) => {
    const response = await fetch(simulator.restUrl + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  };
  const dataOf = async <T>(answer: Promise<Answered>): Promise<T> => ((await answer).json as { readonly data: T }).data;
  return {
    simulator,
    ask,
    itick: (path) => dataOf(ask(path, { headers: token })),
    tickflow: (path, init) => dataOf(ask(path, { headers: key, ...init })),
  };
};
