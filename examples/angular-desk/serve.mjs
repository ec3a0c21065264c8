import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deskHandler } from './handler.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const pages = join(here, 'dist/browser');

const MINUTE = 60_000;
const STEP = 250;
const OUTAGE = 5_000;

const listed = ['600000.SH', '600519.SH', '000001.SZ', '300750.SZ', '700.HK', '9988.HK', 'AAPL.US', 'TSLA.US'];

/**
 * Builds what is not built, starts the simulator with some past, and serves the desk.
 *
 * `minutes`: how much past there is. `rate`: frames a second that both vendors send together; without it the market keeps real time. `close()` ends it all.
 */
export const serveDesk = async ({ port = 0, rate, symbols = listed, minutes = 90, say = () => {} } = {}) => {
  build(say);
  const { startSimulator } = await import('rxtape/simulator');
  const start = Math.floor(Date.now() / MINUTE - minutes) * MINUTE;
  const simulator = await startSimulator({ speed: 0, start, symbols });
  say(`trading ${minutes} minutes of ${symbols.length} symbols`);
  const bars = await past(simulator, symbols, start);

  const pace = rate === undefined ? realTime(simulator, start) : loaded(simulator, rate);
  const timer = setInterval(pace, rate === undefined ? STEP : 10);

  const drop = (vendor) => () => {
    vendor.refuseUpgrades(503);
    vendor.drop();
    setTimeout(() => vendor.allowUpgrades(), OUTAGE).unref();
  };
  const vendors = new Map([
    ['itick', drop(simulator.itick)],
    ['tickflow', drop(simulator.tickflow)],
  ]);
  const server = createServer(deskHandler({ pages, bars, vendors, simulatorUrl: simulator.url }));
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    simulator,
    close: async () => {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      await simulator.close();
    },
  };
};

/** Runs the market up to now, and keeps the bars that a vendor's REST service would tell of. */
const past = async (simulator, symbols, start) => {
  const bars = new Map(symbols.map((symbol) => [symbol, []]));
  const volumes = new Map();
  for (let openTime = start; openTime + MINUTE <= Date.now(); openTime += MINUTE) {
    for (let step = 0; step < MINUTE / STEP; step += 1) {
      simulator.step();
      for (const symbol of symbols) add(bars.get(symbol), openTime, simulator.snapshot(symbol).last);
    }
    for (const symbol of symbols) {
      const { volume } = simulator.snapshot(symbol);
      bars.get(symbol).at(-1).volume = Math.max(0, volume - (volumes.get(symbol) ?? volume));
      volumes.set(symbol, volume);
    }
    await new Promise(setImmediate);
  }
  return bars;
};

const add = (bars, openTime, last) => {
  const bar = bars.at(-1);
  if (bar?.openTime === openTime) {
    Object.assign(bar, { high: Math.max(bar.high, last), low: Math.min(bar.low, last), close: last });
  } else {
    bars.push({ openTime, open: last, high: last, low: last, close: last, volume: 0, closed: true, coverage: 1 });
  }
};

/** As many steps as the clock asks for. */
const realTime = (simulator, start) => {
  let done = Math.floor((Date.now() - start) / MINUTE) * (MINUTE / STEP);
  return () => {
    for (const due = Math.floor((Date.now() - start) / STEP); done < due; done += 1) simulator.step();
  };
};

/** As many steps as bring the frames up to the rate; market time runs ahead of the clock then. */
const loaded = (simulator, rate) => {
  const sent = () => simulator.itick.sent + simulator.tickflow.sent;
  let last = Date.now();
  let owed = 0;
  return () => {
    const now = Date.now();
    owed = Math.min(owed + (rate * (now - last)) / 1_000, rate / 4);
    last = now;
    for (let before = sent(), steps = 0; owed > 0 && steps < 50; steps += 1) {
      simulator.step();
      owed -= sent() - before;
      before = sent();
    }
  };
};

const build = (say) => {
  const npm = (cwd, ...words) => {
    say(`npm ${words.join(' ')} in ${cwd}`);
    const { status } = spawnSync('npm', words, {
      cwd,
      stdio: 'inherit',
      env: { ...process.env, NG_CLI_ANALYTICS: 'false' },
    });
    if (status !== 0) throw new Error(`npm ${words.join(' ')} failed in ${cwd}`);
  };
  if (!existsSync(join(root, 'dist/esm/angular')) || !existsSync(join(root, 'dist/cjs'))) npm(root, 'run', 'build');
  if (!existsSync(join(here, 'node_modules/rxtape')))
    npm(here, 'install', '--no-audit', '--no-fund', '--no-package-lock');
  if (!existsSync(join(pages, 'index.html'))) npm(here, 'run', 'build');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, rate: { type: 'string' } } });
  const desk = await serveDesk({
    port: Number(values.port ?? 4300),
    rate: values.rate === undefined ? undefined : Number(values.rate),
    say: (line) => console.log(line),
  });
  console.log(`\nThe desk is at ${desk.url}  (Ctrl+C ends it)`);
}
