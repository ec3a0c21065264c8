import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Subject } from 'rxjs';
import { calendars } from '../../lib/model/calendar/calendars.js';
import type { HealthEvent } from '../../lib/operators/health/healthFold.js';
import { observeFeed } from '../../lib/otel/index.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { freePort } from '../nats/natsServer.js';
import { at, numbered } from '../operators/health/stage.js';
import { root } from '../sources/files.js';
import { describeWithPrometheus } from './describeWithPrometheus.js';

const rules = join(root, 'docs/observability/rules.yml');

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const dashboard = JSON.parse(readFileSync(join(root, 'docs/observability/dashboard.json'), 'utf8')) as Dashboard;

const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(
    ({ expr }) => [title, expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(job|feed)/g, '.*')] as const,
  ),
);

/** Asks until an answer satisfies; a machine may be busy. */
const until = async <A>(ask: () => Promise<A>, isEnough: (answer: A) => boolean): Promise<A> => {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && isEnough(answer)) return answer;
    if (tries > 400) throw new Error(`not in time: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
};

/** What a busy feed says in a round, with an outage in it, by the clock of this machine. */
const round = (now: number, n: number): readonly HealthEvent[] => [
  at.trade(now, 10 * n, { time: now - 7 }),
  at.trade(now, 10 * n + 1, { time: now - 70 }),
  at.quote(now, 100 * n, { time: now - 3, sizeUnit: 'shares' }),
  at.said({ kind: 'latency', roundTrip: 12, receivedAt: now }),
  at.said({ kind: 'undecodable', frame: '{', problems: [], receivedAt: now }),
  at.said({ kind: 'unexpected', topic: trades('X.US')[0], count: 1, receivedAt: now }),
  { kind: 'dropped', count: 3, receivedAt: now },
];

describeWithPrometheus('a real Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-prometheus-'));
  const feed$ = new Subject<HealthEvent>();
  let exporter: PrometheusExporter;
  let server: ChildProcess | undefined;
  let url = '';
  let rounds: NodeJS.Timeout;

  const get = async <A>(path: string): Promise<A> =>
    ((await (await fetch(`${url}${path}`)).json()) as { data: A }).data;

  beforeAll(async () => {
    const port = await freePort();
    exporter = new PrometheusExporter({ port, host: '127.0.0.1' });
    const meter = new MeterProvider({ readers: [exporter] }).getMeter('spec');
    feed$
      .pipe(observeFeed(meter, { calendar: calendars.always, capabilities: [numbered], by: () => 'one' }))
      .subscribe();
    const start = Date.now();
    const topics = [...trades('AAPL.US'), ...quotes('AAPL.US')];
    [
      at.connected(start),
      at.served(start, ...topics),
      at.said({ kind: 'latency', roundTrip: 12, clockOffset: 2, receivedAt: start }),
      ...round(start, 1),
      at.lost(start),
      at.connected(start, start - 400),
      at.served(start, ...topics),
      ...round(start, 2),
      at.refused(start, ...trades('NONE.US')),
      at.said({
        kind: 'switched',
        symbols: 'all',
        from: 'primary',
        to: 'secondary',
        cause: { _tag: 'Stale' },
        receivedAt: start,
      }),
    ].forEach((event) => feed$.next(event));
    let n = 2;
    rounds = setInterval(() => round(Date.now(), (n += 1)).forEach((event) => feed$.next(event)), 50);

    const own = await freePort();
    url = `http://127.0.0.1:${own}`;
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: '250ms', evaluation_interval: '250ms' },
        rule_files: [rules],
        scrape_configs: [{ job_name: 'desk', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
      }),
    );
    server = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${own}`,
      ],
      { stdio: 'ignore' },
    );
    await until(
      () => fetch(`${url}/-/ready`),
      ({ ok }) => ok,
    );
  }, 60_000);

  afterAll(async () => {
    clearInterval(rounds);
    feed$.complete();
    if (server) {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    }
    await exporter.shutdown();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the rules, and evaluates each', async () => {
    execFileSync('promtool', ['check', 'rules', rules]);
    interface Groups {
      readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
    }
    const { groups } = await until(
      () => get<Groups>('/api/v1/rules'),
      (found) => found.groups[0]?.rules.every(({ health }) => health === 'ok') ?? false,
    );
    const names = [...readFileSync(rules, 'utf8').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    expect(groups.flatMap((group) => group.rules.map(({ name }) => name))).toEqual(names);
  }, 60_000);

  it('raises the alert of frames that cannot be read, and none of a feed that is live', async () => {
    interface Alerts {
      readonly alerts: readonly { readonly labels: { readonly alertname: string } }[];
    }
    const { alerts } = await until(
      () => get<Alerts>('/api/v1/alerts'),
      (found) => found.alerts.some(({ labels }) => labels.alertname === 'RxtapeFramesUnreadable'),
    );
    expect(alerts.map(({ labels }) => labels.alertname)).not.toContain('RxtapeFeedDown');
  }, 60_000);

  it.each(queries)(
    'has data for the panel "%s": %s',
    async (_, expr) => {
      interface Answer {
        readonly result: readonly { readonly value: readonly [number, string] }[];
      }
      const isNumber = ({ value: [, value] }: Answer['result'][number]): boolean => Number.isFinite(Number(value));
      const { result } = await until(
        () => get<Answer>(`/api/v1/query?query=${encodeURIComponent(expr)}`),
        (found) => found.result.some(isNumber),
      );
      expect(result.every(isNumber)).toBe(true);
    },
    60_000,
  );
});
