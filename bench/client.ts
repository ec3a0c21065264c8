/**
 * One client of the pump in a process of its own: `bare` is ws and JSON.parse, `feed` is the whole provider, `bars` makes
 * bars of it, and `repaired` does so behind `backfill`, whose history never answers. `heard` shares the feed with a second
 * subscriber that does nothing, and `health` with `feedHealth`; `metered` is the feed through `observeFeed`, whose meter is read each second.
 */
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { identity, ignoreElements, merge, NEVER, type OperatorFunction, share, tap } from 'rxjs';
import { WebSocket } from 'ws';
import type { FeedEvent } from '../lib/model/feedEvent.js';
import { backfill } from '../lib/operators/backfill/backfill.js';
import { feedHealth } from '../lib/operators/health/feedHealth.js';
import { toKlines } from '../lib/operators/klines/toKlines.js';
import { binance, binanceCapabilities } from '../lib/providers/binance/index.js';
import { itick, itickCapabilities, itickHistory } from '../lib/providers/itick/index.js';
import { tickflow } from '../lib/providers/tickflow/index.js';
import { observeFeed } from '../lib/otel/index.js';
import { standby } from '../lib/standby/standby.js';
import { calendars } from '../lib/model/calendar/calendars.js';
import { bbos, depths, klines, quotes, trades } from '../lib/model/topic.js';
import { codes, symbols } from './frames.js';

const [, , which, url = '', count = '0', vendor = 'it'] = process.argv;
/** Two lines, as one feed or merely merged: both are counted. */
const isTwo = which === 'two' || which === 'standby';
const total = Number(count) * (isTwo ? 2 : 1);
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
  const socket = new WebSocket(`${url}/${vendor === 'bn' ? 'stream' : 'stock'}`, { perMessageDeflate: false });
  const ask = JSON.stringify(
    {
      bn: { id: 1, params: Array(4 * codes.length).fill('') },
      it: { ac: 'subscribe' },
      tf: { op: 'subscribe', channel: 'quotes', symbols: Array(2 * symbols.length).fill('') },
    }[vendor],
  );
  socket.on('open', () => socket.send(ask));
  socket.on('message', (data: Buffer) => {
    const parsed = JSON.parse(data.toString()) as { readonly data?: unknown };
    if (parsed.data === undefined) return;
    sink += 1;
    count1();
  });
} else {
  // All that the pump sends: the session drops what was not asked for.
  const topics = [...quotes(...symbols), ...trades(...symbols), ...depths(...symbols), ...klines('1m', ...symbols)];
  const crypto = codes.map((code) => `${code}.BA`);
  const feed$ =
    vendor === 'tf'
      ? tickflow({ apiKey: 'bench', url, topics: [...quotes(...symbols), ...depths(...symbols)] })
      : vendor === 'bn'
        ? binance({
            url,
            fetch: () => NEVER,
            topics: [...quotes(...crypto), ...trades(...crypto), ...bbos(...crypto), ...klines('1m', ...crypto)],
          })
        : itick({ token: 'bench', market: 'stock', url, topics });
  const count = (event: FeedEvent): void => {
    if (event.kind === 'connected' || event.kind === 'subscribed') return;
    if (event.kind === 'disconnected' || event.kind === 'refused' || event.kind === 'undecodable')
      throw new Error(event.kind);
    sink += event.receivedAt;
    count1();
  };
  if (isTwo) {
    const other$ = itick({ token: 'other', market: 'stock', url, topics });
    const lines = [feed$.pipe(tap(count)), other$.pipe(tap(count))] as const;
    (which === 'two' ? merge(...lines) : standby(...lines)).subscribe(({ receivedAt }) => (sink += receivedAt));
  } else if (which === 'feed') feed$.subscribe(count);
  else if (which === 'metered') {
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const meter = new MeterProvider({ readers: [exporter] }).getMeter('bench');
    setInterval(() => void exporter.collect(), 1_000);
    feed$.pipe(observeFeed(meter, { capabilities: [itickCapabilities, binanceCapabilities] })).subscribe(count);
  } else if (which === 'heard' || which === 'health') {
    const shared$ = feed$.pipe(share());
    const capabilities = [itickCapabilities, binanceCapabilities];
    const other: OperatorFunction<FeedEvent, unknown> =
      which === 'heard' ? ignoreElements() : feedHealth({ capabilities });
    shared$.pipe(other).subscribe();
    shared$.subscribe(count);
  } else {
    const history = itickHistory({ token: 'bench', market: 'stock', fetch: () => NEVER });
    // New York is closed at night, when a benchmark may be run.
    const calendar = calendars.always;
    const repair = which === 'repaired' ? backfill(history, { interval: '1m', warm: 200, calendar }) : identity;
    const shared$ = feed$.pipe(repair, share());
    shared$.pipe(toKlines('1m', { forming: false, calendar })).subscribe(({ close }) => (sink += close));
    shared$.subscribe(count);
  }
}
process.on('exit', () => {
  if (sink === 0) throw new Error('nothing was measured');
});
