import console from 'node:console';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { deskHandler } from '../../examples/angular-desk/handler.mjs';

/** Serves a desk without a simulator, and says its port, and that of one over NATS. The page `dropped.js` is the drops so far. */
const pages = mkdtempSync(join(tmpdir(), 'rxtape-desk-'));
mkdirSync(join(pages, 'media'));
writeFileSync(join(pages, 'index.html'), '<p name="vendors" content="ws://127.0.0.1:4301">');
process.on('exit', () => rmSync(pages, { recursive: true, force: true }));

const dropped = [];
const note = (text) => writeFileSync(join(pages, 'dropped.js'), text);
note('[]');
const dropper = (name) => (seconds) => {
  dropped.push([name, seconds]);
  note(JSON.stringify(dropped));
};
const vendors = new Map(['itick', 'tickflow'].map((name) => [name, dropper(name)]));
const listen = async (handler) => {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
};
/** The vendor's history, which says what it was asked, and by whom. */
const history = await listen(({ url, headers }, response) => {
  if (url.includes('hangUp')) response.destroy();
  else response.writeHead(429).end(JSON.stringify([url, headers.token]));
});
const simulatorUrl = 'ws://127.0.0.1:9';
const nats = { url: 'ws://reader:read@127.0.0.1:8', restUrl: `http://127.0.0.1:${history}`, token: 'kept' };
const binance = { url: 'ws://127.0.0.1:7', restUrl: nats.restUrl };
const act = (symbol) => {
  if (symbol !== '600000.SH') throw new TypeError(`no such symbol: ${symbol}`);
};
const acts = new Map([['halt', act]]);
const ports = [
  await listen(deskHandler({ pages, vendors, acts, simulatorUrl })),
  await listen(deskHandler({ pages, vendors, simulatorUrl, nats, binance })),
];
console.log(...ports);
process.stdin.resume().on('end', () => process.exit());
