import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ItickBar } from '../simulator/rest/asking.js';
import { built } from './built.js';

/** What a vendor of the simulator has seen, as its `VendorControl` has it. */
export interface Seen {
  readonly live: number;
  readonly accepted: number;
  readonly commands: readonly string[];
  readonly topics: readonly string[];
}

export type Vendor = 'itick' | 'tickflow' | 'binance';

export interface Served {
  readonly url: string;
  /** What both vendors take as their credential. */
  readonly key: string;
  readonly seen: (vendor: Vendor) => Promise<Seen>;
  /** Ends the vendor's connections without a close frame. */
  readonly drop: (vendor: Vendor) => Promise<Seen>;
  /** The same, and for so many seconds of our clock new ones get no answer. A refused one would be an error in the console. */
  readonly outage: (vendor: Vendor, seconds: number) => Promise<Seen>;
  /** Whether the vendor says nothing, neither over a socket nor of the past. */
  readonly silence: (vendor: Vendor, on: boolean) => Promise<Seen>;
  /** Ends the vendor's connections, and refuses new ones with 503 until it is told otherwise; a page complains of that. */
  readonly refuse: (vendor: Vendor, on: boolean) => Promise<Seen>;
  /** Trading in a symbol is suspended, or goes on. */
  readonly halt: (symbol: string, on: boolean) => Promise<Seen>;
  /** A mainland stock goes to its limit. */
  readonly sweep: (symbol: string, aggressor: 'buyer' | 'seller') => Promise<Seen>;
  /** Whether the vendor's history is refused; the HTTP status says nothing of it, as that would be an error in the console. */
  readonly refuseHistory: (vendor: Vendor, on: boolean) => Promise<Seen>;
  /** Kills the nats-server of a desk that is over NATS. */
  readonly stopNats: () => Promise<Seen>;
  /** Starts it again where it was. */
  readonly startNats: () => Promise<Seen>;
  /** The bars of a minute of 300750.SZ, oldest first, the forming one last. */
  readonly truth: () => Promise<readonly ItickBar[]>;
  readonly close: () => Promise<void>;
}

/** Serves the desk in a process of its own, as Jest cannot load ES modules. Its clock, and so its market, may run fast. */
const server = `
  const [speed, begin, nats, hours] = process.argv.slice(2).map(Number);
  const now = Date.now;
  Date.now = () => begin + speed * (now() - begin);
  const { serveDesk } = await import('./serve.mjs');
  const { url, key, simulator, nats: server } = await serveDesk({
    nats: nats === 1,
    market: hours === 1 ? 'sessions' : 'always',
  });
  process.on('message', async ({ id, vendor, act, value }) => {
    const control = simulator[vendor];
    if (act === 'drop') control.drop();
    if (act === 'outage') {
      control.mute();
      control.drop();
      setTimeout(() => control.mute(false), 1_000 * value);
    }
    if (act === 'silence') {
      control.mute(value);
      if (value) control.rest.hang();
      else control.rest.mend();
    }
    if (act === 'refuse') {
      if (value) control.refuseUpgrades(503);
      else control.allowUpgrades();
      if (value) control.drop();
    }
    if (act === 'halt') simulator.halt(value);
    if (act === 'resume') simulator.resume(value);
    if (act === 'sweep') simulator.sweep(...value);
    if (act === 'refuseHistory') {
      if (value) control.rest.refuse(200, { body: '{"code":"E002","msg":"auth failed"}' });
      else control.rest.mend();
    }
    if (act === 'stopNats') await server.stop();
    if (act === 'startNats') await server.start();
    const { live, accepted, commands, topics } = control;
    process.send({ id, live, accepted, commands, topics });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url, key, restUrl: simulator.restUrl });`;

export const serve = async (speed: number, begin: number, nats = false, hours = false): Promise<Served> => {
  const script = join(built, 'served.mjs');
  writeFileSync(script, server);
  const child = fork(script, [speed, begin, Number(nats), Number(hours)].map(String), { cwd: built, execArgv: [] });
  const [{ url, key, restUrl }] = (await once(child, 'message')) as [
    Readonly<Record<'url' | 'key' | 'restUrl', string>>,
  ];
  let asked = 0;

  const ask = (vendor: Vendor, act?: string, value?: unknown): Promise<Seen> =>
    new Promise((resolve) => {
      const id = ++asked;
      const hear = (answer: Seen & { id: number }): void => {
        if (answer.id !== id) return;
        child.off('message', hear);
        resolve(answer);
      };
      child.on('message', hear).send({ id, vendor, act, value });
    });

  return {
    url,
    key,
    seen: (vendor) => ask(vendor),
    drop: (vendor) => ask(vendor, 'drop'),
    outage: (vendor, seconds) => ask(vendor, 'outage', seconds),
    silence: (vendor, on) => ask(vendor, 'silence', on),
    refuse: (vendor, on) => ask(vendor, 'refuse', on),
    halt: (symbol, on) => ask('itick', on ? 'halt' : 'resume', symbol),
    sweep: (...swept) => ask('itick', 'sweep', swept),
    refuseHistory: (vendor, on) => ask(vendor, 'refuseHistory', on),
    stopNats: () => ask('itick', 'stopNats'),
    startNats: () => ask('itick', 'startNats'),
    truth: async () => {
      const path = '/stock/kline?region=SZ&code=300750&kType=1&limit=400';
      const answer = await fetch(restUrl + path, { headers: { token: key } });
      return ((await answer.json()) as { readonly data: readonly ItickBar[] }).data;
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};
