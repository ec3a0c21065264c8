import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from './built.js';

/** What a vendor of the simulator has seen, as its `VendorControl` has it. */
export interface Seen {
  readonly live: number;
  readonly accepted: number;
  readonly commands: readonly string[];
  readonly topics: readonly string[];
}

export type Vendor = 'itick' | 'tickflow';

export interface Served {
  readonly url: string;
  readonly seen: (vendor: Vendor) => Promise<Seen>;
  /** Ends the vendor's connections without a close frame. */
  readonly drop: (vendor: Vendor) => Promise<Seen>;
  readonly close: () => Promise<void>;
}

/** Serves the desk in a process of its own, as Jest cannot load ES modules. Its clock, and so its market, may run fast. */
const server = `
  const [speed, begin] = process.argv.slice(2).map(Number);
  const now = Date.now;
  Date.now = () => begin + speed * (now() - begin);
  const { serveDesk } = await import('./serve.mjs');
  const { url, simulator } = await serveDesk({ minutes: 2 });
  process.on('message', ({ id, vendor, act }) => {
    const control = simulator[vendor];
    if (act) control[act]();
    const { live, accepted, commands, topics } = control;
    process.send({ id, live, accepted, commands, topics });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url });`;

export const serve = async (speed: number, begin: number): Promise<Served> => {
  const script = join(built, 'served.mjs');
  writeFileSync(script, server);
  const child = fork(script, [String(speed), String(begin)], { cwd: built, execArgv: [] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  let asked = 0;

  const ask = (vendor: Vendor, act?: 'drop'): Promise<Seen> =>
    new Promise((resolve) => {
      const id = ++asked;
      const hear = (answer: Seen & { id: number }): void => {
        if (answer.id !== id) return;
        child.off('message', hear);
        resolve(answer);
      };
      child.on('message', hear).send({ id, vendor, act });
    });

  return {
    url,
    seen: (vendor) => ask(vendor),
    drop: (vendor) => ask(vendor, 'drop'),
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};
