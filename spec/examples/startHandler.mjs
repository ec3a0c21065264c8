import console from 'node:console';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { deskHandler } from '../../examples/angular-desk/handler.mjs';

/** Serves a desk without a simulator, and says its port. The page `dropped.js` is the drops so far. */
const pages = mkdtempSync(join(tmpdir(), 'rxtape-desk-'));
mkdirSync(join(pages, 'media'));
writeFileSync(join(pages, 'index.html'), '<p>ws://127.0.0.1:4301</p>');
process.on('exit', () => rmSync(pages, { recursive: true, force: true }));

const dropped = [];
const note = (text) => writeFileSync(join(pages, 'dropped.js'), text);
note('[]');
const dropper = (name) => (seconds) => {
  dropped.push([name, seconds]);
  note(JSON.stringify(dropped));
};
const vendors = new Map(['itick', 'tickflow'].map((name) => [name, dropper(name)]));
const server = createServer(deskHandler({ pages, vendors, simulatorUrl: 'ws://127.0.0.1:9' }));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
