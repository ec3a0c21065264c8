import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { doors } from '../sources/doors.js';
import { root } from '../sources/files.js';
import { publicNames } from '../sources/publicNames.js';
import { folder, output, printed, written } from './consumer.js';

const tool = (name: string): string => join(root, 'node_modules/.bin', name);
const tarball = (): string => readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
const shipped = readdirSync(join(folder, 'node_modules/rxtape'), { recursive: true, encoding: 'utf8' });

describe('the tarball', () => {
  it('is approved by publint', () => {
    expect(() => output(tool('publint'), '--strict', tarball())).not.toThrow();
  });

  it('gives every kind of importer the types that match the code', () => {
    expect(() => output(tool('attw'), '--profile', 'node16', tarball())).not.toThrow();
  });

  it('brings its licence, its readme, its changelog and its docs, and nothing of the workshop', () => {
    expect(shipped).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'docs/concepts.md']),
    );
    const workshop = /tsbuildinfo|tsconfig|\.spec\.|\.map$|\.png$|^docs\/internals|^(lib|spec|bench|coverage|\.)/;
    expect(shipped.filter((name) => workshop.test(name))).toEqual([]);
  });

  it('points at no source map, as there is none', () => {
    const scripts = shipped.filter((name) => name.endsWith('.js'));
    const text = (name: string): string => readFileSync(join(folder, 'node_modules/rxtape', name), 'utf8');
    expect(scripts.filter((name) => text(name).includes('sourceMappingURL'))).toEqual([]);
  });

  it('takes less than a megabyte', () => {
    expect(statSync(join(folder, tarball())).size).toBeLessThan(1e6);
  });
});

describe.each(doors)('$name', ({ name, node, browser }) => {
  const { values = [] } = publicNames[name] ?? {};
  const file = name.replace('/', '-');

  it('opens in a plain ES module, by names, and is the same one that CommonJS gets', () => {
    const script = `
      import { createRequire } from 'node:module';
      import { ${values.join(', ')} } from '${name}';
      const required = createRequire(import.meta.url)('${name}');
      const imported = { ${values.join(', ')} };
      console.log(JSON.stringify(Object.keys(imported).filter((name) => imported[name] !== required[name])));`;
    expect(printed(`${file}.mjs`, script)).toEqual([]);
  });

  it('opens in plain CommonJS', () => {
    const script = `console.log(JSON.stringify(Object.keys(require('${name}')).sort()))`;
    expect(printed(`${file}.cjs`, script)).toEqual([...values]);
  });

  const builds = [`cjs/${node}`, ...(browser === undefined ? [] : [`cjs/${browser}`, `esm/${browser}`])].map((path) =>
    path.replace(/\.ts$/, '.js'),
  );

  // Angular marks the global object when it is loaded, and is not ours.
  const framework = name === 'rxtape/angular' ? "await import('@angular/core');" : '';

  it.each([...new Set(builds)])('does nothing when it is loaded from dist/%s', (path) => {
    const script = `
      ${framework}
      const look = () => ({
        handles: process.getActiveResourcesInfo(),
        globals: Reflect.ownKeys(globalThis).map(String),
        listeners: process.eventNames().map(String),
      });
      const before = look();
      const { default: all, ...names } = await import('./node_modules/rxtape/dist/${path}');
      console.log(JSON.stringify({ before, after: look(), names: Object.keys(names).sort() }));`;
    const { before, after, names } = printed('load.mjs', script) as Record<'before' | 'after' | 'names', unknown>;
    expect(after).toEqual(before);
    expect(names).toEqual(expect.arrayContaining([...values]));
  });
});

describe('a program that uses it', () => {
  const source = `
    import { lastValueFrom, map, take, type Observable } from 'rxjs';
    import { isRecoverable, ofKind, quotes, shareFeed, type FeedEvent, type Quote } from 'rxtape';
    import { itick } from 'rxtape/itick';
    import { connect, exponential, type Session } from 'rxtape/session';
    import { startSimulator, type Simulator } from 'rxtape/simulator';
    import { aTrade } from 'rxtape/testing';
    import { tickflow } from 'rxtape/tickflow';

    // rxjs names it; nothing else of Node or the DOM is needed.
    declare global { function setTimeout(): number }

    const desk = shareFeed((topics) => itick({ token: 'demo', market: 'stock', topics }), { linger: 5_000 });
    export const last$: Observable<number> = desk.watch(quotes('AAPL.US')).pipe(ofKind('quote'), map(({ last }) => last));
    export const wordy$: Observable<FeedEvent> = tickflow({
      apiKey: () => Promise.resolve('demo'),
      topics: quotes('600000.SH'),
      backoff: (attempt, cause) => (isRecoverable(cause) ? exponential({ first: 1_000 })(attempt, cause) : 0),
    });
    export const first = (): Promise<Quote> => lastValueFrom(wordy$.pipe(ofKind('quote'), take(1)));
    export const session$: Observable<Session> = connect('wss://example.org', { connectTimeout: 1_000 });
    export const simulator: Promise<Simulator> = startSimulator({ seed: 7 });
    export const price: number = aTrade({ price: 1 }).price;
    // @ts-expect-error there is no such market
    itick({ token: 'demo', market: 'stonks', topics: quotes('AAPL.US') });`;

  it.each([
    ['CommonJS of node16', 'main.cts', 'node16', 'node16'],
    ['an ES module of node16', 'main.mts', 'node16', 'node16'],
    ['a bundler', 'main.ts', 'esnext', 'bundler'],
  ])('type-checks in %s', (_form, name, module, moduleResolution) => {
    const options = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2022'],
      strict: true,
      noEmit: true,
      types: [],
    };
    const compilerOptions = { ...options, exactOptionalPropertyTypes: true, skipLibCheck: false };
    written(`${moduleResolution}-${name}/${name}`, source);
    const project = written(
      `${moduleResolution}-${name}/tsconfig.json`,
      JSON.stringify({ compilerOptions, files: [name] }),
    );
    expect(output(tool('tsc'), '-p', project)).toBe('');
  });

  it('watches both vendors of the simulator, and ends', () => {
    const script = `
      import { lastValueFrom, take, toArray } from 'rxjs';
      import { ofKind, quotes } from 'rxtape';
      import { itick } from 'rxtape/itick';
      import { startSimulator } from 'rxtape/simulator';
      import { tickflow } from 'rxtape/tickflow';
      const { url, close } = await startSimulator({ seed: 7, speed: 10 });
      const feeds = [
        itick({ url, token: 'demo', market: 'stock', topics: quotes('AAPL.US') }),
        tickflow({ url, apiKey: 'demo', topics: quotes('600000.SH') }),
      ];
      const seen = await Promise.all(feeds.map((feed$) => lastValueFrom(feed$.pipe(ofKind('quote'), take(3), toArray()))));
      await close();
      console.log(JSON.stringify(seen.map((some) => some.map(({ provider, symbol }) => provider + ' ' + symbol))));`;
    expect(printed('watch.mjs', script)).toEqual([Array(3).fill('itick AAPL.US'), Array(3).fill('tickflow 600000.SH')]);
  });

  it('finds the command on its path', () => {
    const command = join(folder, 'node_modules/.bin/rxtape');
    expect(existsSync(command)).toBe(true);
    expect(output(command, '--help')).toContain('rxtape book');
  });
});
