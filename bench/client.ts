/**
 * One client of the pump in a process of its own: `bare` is ws and JSON.parse, `feed` is the whole provider, `repaired` the
 * same with `backfill` behind it, whose history never answers.
 */
import { identity, NEVER } from 'rxjs';
import { WebSocket } from 'ws';
import { backfill } from '../lib/operators/backfill/backfill.js';
import { itick, itickHistory } from '../lib/providers/itick/index.js';
import { depths, quotes, trades } from '../lib/model/topic.js';
import { symbols } from './frames.js';

const [, , which, url = '', count = '0'] = process.argv;
const total = Number(count);
const warm = Math.floor(total / 5);

let seen = 0;
let cpu = process.cpuUsage();
let start = process.hrtime.bigint();

const count1 = (): void => {
  seen += 1;
  if (seen === warm) {
    cpu = process.cpuUsage();
    start = process.hrtime.bigint();
  }
  if (seen < total) return;
  const { user, system } = process.cpuUsage(cpu);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  process.send?.({ cpu: (user + system) / (total - warm), rate: (total - warm) / seconds }, () => process.exit());
};

let sink = 0;

if (which === 'bare') {
  const socket = new WebSocket(`${url}/stock`, { perMessageDeflate: false });
  socket.on('open', () => socket.send('{"ac":"subscribe"}'));
  socket.on('message', (data: Buffer) => {
    const parsed = JSON.parse(data.toString()) as { readonly data?: unknown };
    if (parsed.data === undefined) return;
    sink += 1;
    count1();
  });
} else {
  // All that the pump sends: the session drops what was not asked for.
  const topics = [...quotes(...symbols), ...trades(...symbols), ...depths(...symbols)];
  const history = itickHistory({ token: 'bench', market: 'stock', fetch: () => NEVER });
  const repair = which === 'repaired' ? backfill(history, { interval: '1m', warm: 200 }) : identity;
  const feed$ = itick({ token: 'bench', market: 'stock', url, topics });
  feed$.pipe(repair).subscribe((event) => {
    if (event.kind === 'connected' || event.kind === 'subscribed') return;
    if (event.kind === 'disconnected' || event.kind === 'refused' || event.kind === 'undecodable')
      throw new Error(event.kind);
    sink += event.receivedAt;
    count1();
  });
}
process.on('exit', () => {
  if (sink === 0) throw new Error('nothing was measured');
});
