import { readFileSync } from 'node:fs';
import { URL } from 'node:url';
import { Converter, ReflectionKind } from 'typedoc';

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** The entry points of the package, by their source: what a user writes after `from`. */
const names = new Map(
  Object.entries(exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([path, target]) => [
      (target.node ?? target).default.replace('./dist/cjs/', 'lib/').replace(/\.js$/, '.ts'),
      `rxtape${path.slice(1)}`,
    ]),
);

/** Calls each module what a user imports, and not what its file is called. */
const named = (app) => {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const [source] = reflection.sources ?? [];
    const name = [...names].find(([path]) => source?.fullFileName.endsWith(`/${path}`))?.[1];
    if (name !== undefined) reflection.name = name;
  });
};

export default {
  name: 'rxtape',
  entryPoints: [...names.keys()],
  tsconfig: 'lib/tsconfig.cjs.json',
  out: 'reference',
  readme: 'README.md',
  plugin: [named],
  // What RxJS documents of its own Observable.
  excludeExternals: true,
  // Helpers of types, which say nothing to a reader: what they stand for is shown in their place.
  intentionallyNotExported: [
    'clusters',
    'Context',
    'Data',
    'endpoints',
    'ItemOf',
    'markets',
    'measures',
    'OneOf',
    'Partly',
    'Redact',
    'Signal',
    'To',
    'ErrorFacts',
    'TopicLookup',
    'WantedState',
  ],
  treatValidationWarningsAsErrors: true,
  projectDocuments: ['docs/**/*.md'],
};
