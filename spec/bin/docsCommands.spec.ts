import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommand } from '../../lib/bin/args.js';
import { root } from '../sources/files.js';
import { blocksOf } from '../sources/markdown.js';

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md') && !name.startsWith('docs/internals'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

/** What a page tells its reader to type: lines of its shell blocks, and what starts npm or npx in its prose. */
const typed = pages.flatMap(({ name, text }) => {
  const inline = [...text.matchAll(/`((?:npm|npx) [^`\n]+)`/g)].map(([, code = '']) => code);
  const lines = blocksOf(text)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n'));
  return [...lines, ...inline].map((line) => ({ name, line: line.replace(/\s+#.*$/, '').trim() }));
});

const START = /^(?:npx rxtape|rxtape(?= )|npm (?:--silent )?start --)\s*/;
const commands = typed.filter(({ line }) => START.test(line) && !/[<…]|\*/.test(line.split(/ [|>] /)[0] ?? ''));
/** Some need credentials, others have an option of the simulated market. */
const environments = [{ ITICK_TOKEN: 'a', TICKFLOW_API_KEY: 'b' }, {}];

/** Why a command line cannot be obeyed, if it cannot be in any environment. */
const problemOf = (words: readonly string[]): string | undefined => {
  let problem: string | undefined;
  for (const env of environments) {
    try {
      parseCommand([...words], env);
      return undefined;
    } catch (error) {
      problem ??= String(error);
    }
  }
  return problem;
};

describe('the commands of the docs', () => {
  it('are found', () => {
    expect(commands.length).toBeGreaterThan(20);
  });

  it('are commands of the console', () => {
    const refused = commands.flatMap(({ name, line }) => {
      const [own = ''] = line.replace(START, '').split(/ [|>] /);
      const problem = problemOf(own.split(' ').filter(Boolean));
      return problem === undefined ? [] : [`${name}: ${line}: ${problem}`];
    });
    expect(refused).toEqual([]);
  });

  it('are said for a clone as well, where npx finds no rxtape', () => {
    const say = (start: RegExp): ReadonlySet<string> =>
      new Set(typed.filter(({ line }) => start.test(line)).map(({ name }) => name));
    const forClones = say(/^npm (?:--silent )?start --/);
    expect([...say(/^npx rxtape/)].filter((name) => !forClones.has(name))).toEqual([]);
  });

  it('install the tarball, as there is no rxtape on npm', () => {
    expect(
      typed.filter(({ line }) => /^(?:npm|deno|bun) (?:i|install|add)\b.* (?:npm:)?rxtape(?: |$)/.test(line)),
    ).toEqual([]);
  });

  it('are scripts of package.json where npm runs them', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const runs = typed.flatMap(({ name, line }) =>
      [...line.matchAll(/npm (?:--silent )?run (?:--silent )?([\w:-]+)/g)].map(([, script = '']) => ({ name, script })),
    );
    expect(runs.length).toBeGreaterThan(10);
    expect(runs.filter(({ script }) => !(script in scripts))).toEqual([]);
  });
});
