import { entries } from './sources/doors.js';
import { libFiles, textOf } from './sources/files.js';
import { importsOf, loadedBy, reachedFrom, type Import } from './sources/importsOf.js';

interface Rule {
  /** The layers it may import. */
  readonly layers: readonly string[];
  /** The packages it may import; a type of `fp-ts` is written `fp-ts/lib/X.js`. */
  readonly packages: RegExp;
}

const client = ['model', 'codec', 'transport', 'session', 'history', 'providers', 'operators', 'share'];

/** A layer imports only what stands in its line. `index` is the root door. */
const layers: Readonly<Record<string, Rule>> = {
  model: { layers: [], packages: /^fp-ts\/lib\/\w+\.js$/ },
  codec: { layers: ['model'], packages: /^(io-ts|fp-ts\/lib\/\w+\.js)$/ },
  transport: { layers: ['model', 'codec'], packages: /^(rxjs|ws|node:\w+)$/ },
  session: { layers: ['model', 'codec', 'transport'], packages: /^(rxjs|fp-ts\/lib\/\w+\.js)$/ },
  history: { layers: ['model', 'codec', 'session'], packages: /^(rxjs|io-ts|fp-ts\/lib\/\w+\.js)$/ },
  providers: {
    layers: ['model', 'codec', 'transport', 'session', 'history'],
    packages: /^(rxjs|io-ts|fp-ts\/lib\/\w+\.js)$/,
  },
  operators: { layers: ['model', 'history'], packages: /^(rxjs|fp-ts\/lib\/\w+\.js)$/ },
  share: { layers: ['model'], packages: /^(rxjs|fp-ts\/lib\/\w+\.js)$/ },
  standby: { layers: ['model', 'operators', 'share', 'session'], packages: /^rxjs$/ },
  angular: { layers: ['model', 'operators', 'share'], packages: /^(rxjs|@angular\/core(\/rxjs-interop)?)$/ },
  nats: { layers: ['model', 'share'], packages: /^(rxjs|@nats-io\/(nats-core|jetstream|kv))$/ },
  otel: { layers: ['model', 'operators'], packages: /^(rxjs|@opentelemetry\/api)$/ },
  gateway: { layers: ['model', 'codec', 'transport', 'session', 'share', 'nats'], packages: /^rxjs$/ },
  testing: { layers: ['model', 'transport', 'share'], packages: /^rxjs(\/testing)?$/ },
  record: { layers: ['model', 'transport', 'history'], packages: /^(rxjs|node:\w+)$/ },
  simulator: { layers: [], packages: /^(rxjs|ws|node:\w+)$/ },
  bin: {
    layers: [...client, 'nats', 'record', 'simulator', 'index'],
    packages: /^(rxjs|node:\w+|@nats-io\/(nats-core|transport-node))$/,
  },
  index: { layers: ['model', 'operators', 'share', 'standby', 'session', 'history'], packages: /^$/ },
};

const layerOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'index');
const ruleOf = (file: string): Rule => layers[layerOf(file)] ?? { layers: [], packages: /^$/ };
const vendorOf = (file: string): string | undefined => /^providers\/(.+?)\//.exec(file)?.[1];
const isNodeOnly = (target: string): boolean => target === 'ws' || target.startsWith('node:');

interface Arrow extends Import {
  readonly file: string;
}

const arrows: readonly Arrow[] = libFiles.flatMap((file) => importsOf(file).map((to) => ({ file, ...to })));

const arrowsBut = (allowed: (arrow: Arrow) => boolean): readonly string[] =>
  arrows.filter((arrow) => !allowed(arrow)).map(({ file, target }) => `${file} -> ${target}`);

describe('a file of the library', () => {
  it('lies in a layer that is known', () => {
    expect(libFiles.filter((file) => !Object.hasOwn(layers, layerOf(file)))).toEqual([]);
  });

  it('imports only the layers to its left', () => {
    const allowed = ({ file, target, internal }: Arrow): boolean =>
      !internal ||
      layerOf(target) === layerOf(file) ||
      ruleOf(file).layers.includes(layerOf(target)) ||
      // The door of the parts of a provider has that which asks by REST, too.
      (file === 'session/parts.ts' && target === 'history/restClient.ts');
    expect(arrowsBut(allowed)).toEqual([]);
  });

  it('imports only the packages of its layer, and of fp-ts only types', () => {
    const allowed = ({ file, target, internal, typeOnly }: Arrow): boolean =>
      internal || (ruleOf(file).packages.test(target) && (typeOnly || !target.startsWith('fp-ts')));
    expect(arrowsBut(allowed)).toEqual([]);
  });

  it('knows no vendor but its own', () => {
    const allowed = ({ file, target }: Arrow): boolean =>
      !vendorOf(file) || !vendorOf(target) || vendorOf(file) === vendorOf(target);
    expect(arrowsBut(allowed)).toEqual([]);
  });

  it('knows Node only where it opens the socket, serves or prints', () => {
    const allowed = ({ file, target }: Arrow): boolean =>
      !isNodeOnly(target) || /^(transport\/(openNodeSocket|tunnel)\.ts$|record\/files\/|simulator\/|bin\/)/.test(file);
    expect(arrowsBut(allowed)).toEqual([]);
  });

  it('is on no circle of imports', () => {
    expect(circles()).toEqual([]);
  });

  it('can be reached from a door', () => {
    const reached = reachedFrom(entries);
    expect(libFiles.filter((file) => !reached.has(file))).toEqual([]);
  });

  it('has no more than 300 lines, unless it is generated', () => {
    const written = libFiles.filter((file) => !file.endsWith('.generated.ts'));
    expect(written.filter((file) => textOf(file).trimEnd().split('\n').length > 300)).toEqual([]);
  });
});

describe('the root door', () => {
  it('takes from the session layer only the backoff', () => {
    const taken = importsOf('index.ts').filter(({ target }) => layerOf(target) === 'session');
    expect(taken.map(({ target }) => target)).toEqual(['session/backoff.ts']);
  });

  it('loads no vendor, no socket and no codec', () => {
    const loaded = [...loadedBy('index.ts')];
    expect(loaded.filter((target) => /^(providers|transport|codec|io-ts)\b/.test(target))).toEqual([]);
  });
});

describe('the door rxtape/gateway', () => {
  it('loads nothing of NATS, though it speaks the same events', () => {
    expect([...loadedBy('gateway/index.ts', 'gateway/browser.ts')].filter((to) => to.startsWith('@nats-io'))).toEqual(
      [],
    );
  });
});

/** Each circle once, as the files one passes on the way around; types count as well. */
function circles(): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) {
      importsOf(file).forEach(({ target, internal }) => internal && walk(target, [...path, file]));
      done.add(file);
    }
  };
  libFiles.forEach((file) => walk(file, []));
  return found;
}
