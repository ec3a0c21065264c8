import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doors } from '../sources/doors.js';
import { compilers, node24, programOf } from './engines.js';
import { projectOn, type Project } from './project.js';
import { ran } from './ran.js';
import { expectStated } from './table.js';

/** Those whose declarations name the types of another package, which may ask for a younger compiler. */
const foreign = ['rxtape/angular', 'rxtape/nats'];
const own = doors.map(({ name }) => name).filter((name) => !foreign.includes(name));

/** The rows of the table of compilers in docs/engines.md: the doors, the files, and how they find packages. */
const forms = [
  {
    row: 'all doors but two, from CommonJS and from an ES module',
    names: own,
    files: ['main.cts', 'main.mts'],
    module: 'node16',
    moduleResolution: 'node16',
  },
  {
    row: 'all doors but two, for a bundler',
    names: own,
    files: ['main.ts'],
    module: 'esnext',
    moduleResolution: 'bundler',
  },
  ...foreign.map((name) => ({
    row: `\`${name}\``,
    names: [name],
    files: ['main.ts'],
    module: 'esnext',
    moduleResolution: 'bundler',
  })),
];

let project: Project;
beforeAll(() => {
  project = projectOn({ ...node24, name: 'TypeScript' }, process.execPath);
});

describe.each(compilers)('$name', (compiler) => {
  it.each(forms)('compiles $row: it is as docs/engines.md says', async ({ row, names, files, ...modules }) => {
    const folder = join(project.folder, `${compiler.name} ${row}`.replace(/\W+/g, '-'));
    mkdirSync(folder);
    const source = names.map((name, at) => `export * as door${at} from '${name}';`).join('\n');
    for (const file of files) writeFileSync(join(folder, file), source);
    const compilerOptions = {
      ...modules,
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
      types: [],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const { code, said } = await ran(folder, process.execPath, [programOf(compiler), '-p', '.']);
    const [first = said] = said.split('\n').filter((line) => line.includes('error'));
    const where = first.replace(/^.*node_modules\//, '');
    expectStated(row, compiler.name, code === 0 ? 'yes' : { no: where.slice(0, 160) });
  });
});
