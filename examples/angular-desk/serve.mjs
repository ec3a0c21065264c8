import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deskHandler } from './handler.mjs';
import { instruments } from './instruments.mjs';
import { Mistake, numberOf, optionsOf, run } from './script.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const pages = join(here, 'dist/browser');

/** The real one; it serves market data alone, and asks for no key. */
const BINANCE = { url: 'wss://data-stream.binance.vision', restUrl: 'https://data-api.binance.vision' };
/** Milliseconds that it has to answer. */
const PATIENCE = 5_000;

/**
 * Builds what is not built, starts the simulator, and serves the desk.
 *
 * `rate`: frames a second that both vendors send together; without it the market keeps real time. `symbols`: what the
 * simulator lists; it makes nothing up. `market`: `sessions` where venues keep their hours. `nats`: this process
 * owns the sockets to the vendors, with a key that no page knows, and pages join its feeds over a nats-server that is
 * started. `binance`: coins are of the real one, and not of the simulator's. `close()` ends it all.
 */
export const serveDesk = async ({
  port = 0,
  rate,
  symbols = instruments,
  market = 'always',
  nats: overNats = false,
  binance: isReal = false,
  say = () => {},
} = {}) => {
  // What the caller can mend is said before the minutes that a build takes.
  await checkFree(port);
  if (isReal) await reachBinance();
  build(say);
  const { startSimulator } = await import('rxtape/simulator');
  const key = overNats ? randomUUID() : 'demo';
  const rules = { itick: { token: key }, tickflow: { apiKey: key } };
  const speed = rate === undefined ? 1 : 0;
  const simulator = await startSimulator({ speed, symbols, unlisted: 'unknown', market, ...rules });
  const binance = isReal ? BINANCE : { url: simulator.url, restUrl: simulator.restUrl };
  const nats = overNats ? await carried(simulator, key, binance) : undefined;
  const load = rate === undefined ? undefined : setInterval(loaded(simulator, rate), 10);

  const vendors = new Map([
    ['itick', outages(simulator.itick)],
    ['tickflow', outages(simulator.tickflow)],
    ['binance', outages(simulator.binance)],
  ]);
  const acts = new Map([
    ['halt', (symbol) => simulator.halt(symbol)],
    ['resume', (symbol) => simulator.resume(symbol)],
    ['up', (symbol) => simulator.sweep(symbol, 'buyer')],
    ['down', (symbol) => simulator.sweep(symbol, 'seller')],
  ]);
  const over = nats && { url: nats.pageUrl, restUrl: simulator.restUrl, token: key };
  const told = { pages, vendors, acts, simulatorUrl: simulator.url, nats: over, binance, market };
  const server = createServer(deskHandler(told));
  try {
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  } catch (error) {
    clearInterval(load);
    await nats?.close();
    await simulator.close();
    throw error;
  }

  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    simulator,
    key,
    nats,
    close: async () => {
      clearInterval(load);
      server.close();
      server.closeAllConnections();
      await nats?.close();
      await simulator.close();
    },
  };
};

/** Rejects where the port is taken. */
const checkFree = async (port) => {
  if (port === 0) return;
  const probe = createServer();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(port, '127.0.0.1', resolve));
  await new Promise((resolve) => probe.close(resolve));
};

const reachBinance = async () => {
  const isThere = await fetch(`${BINANCE.restUrl}/api/v3/ping`, { signal: AbortSignal.timeout(PATIENCE) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isThere) throw new Mistake(`Binance is not reached from here (${BINANCE.restUrl}): leave --binance out.`);
};

/** Hosts the vendors on a nats-server that is started. What that takes is loaded here, as the plain desk needs none of it. */
const carried = async ({ url, close }, key, coins) => {
  try {
    const { startNats } = await import('./nats.mjs');
    const server = await startNats();
    const { hostVendors } = await import('./hosts.mjs');
    const hosts = await hostVendors({ host: server.host, url, token: key, apiKey: key, coins });
    return {
      ...server,
      close: async () => {
        await hosts.close();
        await server.close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The vendor hangs up, and refuses to answer for so many seconds. */
const outages = (vendor) => {
  let end;
  return (seconds) => {
    clearTimeout(end);
    vendor.refuseUpgrades(503);
    vendor.drop();
    end = setTimeout(() => vendor.allowUpgrades(), 1_000 * seconds).unref();
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

const main = async () => {
  const { values } = optionsOf({
    port: { type: 'string' },
    rate: { type: 'string' },
    hours: { type: 'boolean' },
    nats: { type: 'boolean' },
    binance: { type: 'boolean' },
  });
  const desk = await serveDesk({
    port: numberOf('port', values.port, { most: 65_535, whole: true }) ?? 4300,
    rate: numberOf('rate', values.rate, { least: 1 }),
    market: values.hours ? 'sessions' : 'always',
    nats: values.nats,
    binance: values.binance,
    say: (line) => console.log(line),
  });
  // With what it has started.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => desk.close().then(() => process.exit()));
  console.log(`\nThe desk is at ${desk.url}  (Ctrl+C ends it)`);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(main);
