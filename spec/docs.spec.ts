import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { doors } from './sources/doors.js';
import { root } from './sources/files.js';
import { blocksOf, headingsOf, linksOf, type Block } from './sources/markdown.js';

type Page = (typeof pages)[number];

const pages = [root, join(root, 'docs')]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: folder !== root, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ name: relative(root, path), text: readFileSync(path, 'utf8') }));

describe('the docs', () => {
  it('type-check', () => {
    expect(problemsIn(programs())).toEqual([]);
  });

  it('exempt no TypeScript from that', () => {
    const isExempt = ({ language, info }: Block): boolean => /^(tsx?|typescript)$/.test(language) && info !== 'ts';
    const exempt = ({ name, text }: Page): readonly string[] =>
      blocksOf(text)
        .filter(isExempt)
        .map(({ line, info }) => `${name}:${line} ${info}`);
    expect(pages.flatMap(exempt)).toEqual([]);
  });

  it('say of each block that continues another one that it does', () => {
    const silent = ({ name, text }: Page): readonly string[] =>
      blocksOf(text)
        .filter(({ info, code }) => info === 'ts' && !/^import /m.test(code) && !/^\/\/ Continues /.test(code))
        .map(({ line }) => `${name}:${line}`);
    expect(pages.flatMap(silent)).toEqual([]);
  });

  it('link to what exists', () => {
    const broken = ({ name, text }: Page): readonly string[] =>
      linksOf(text)
        .filter(({ target }) => !leadsSomewhere(name, target))
        .map(({ line, target }) => `${name}:${line} ${target}`);
    expect(pages.flatMap(broken)).toEqual([]);
  });
});

/** Whether a relative link from a page points at a file of the repository, and at a heading of it. */
function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), decodeURI(path));
  if (relative(root, file).startsWith('..') || !existsSync(file)) return false;
  return anchor === undefined || headingsOf(readFileSync(file, 'utf8')).includes(decodeURI(anchor));
}

/**
 * The TypeScript of every page as files to compile, each line where it is on its page.
 *
 * A block that imports starts a program; one that does not goes on with the program before it, as a reader does.
 */
function programs(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { name, text } of pages) {
    let file = '';
    for (const { info, line, code } of blocksOf(text)) {
      if (info !== 'ts') continue;
      if (file === '' || /^import /m.test(code)) file = join(root, `${name}.${line}.ts`);
      const before = files.get(file) ?? '';
      files.set(file, before + '\n'.repeat(line - before.split('\n').length + 1) + code);
    }
  }
  return files;
}

/** `docs/concepts.md:12 Cannot find name 'feed$'.` */
function problemsIn(files: ReadonlyMap<string, string>): readonly string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  const paths = Object.fromEntries(doors.map(({ name, node }) => [name, [`./lib/${node}`]]));
  const host = ts.createCompilerHost({ ...options, paths });
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const code = files.get(path);
    if (code === undefined) return getSourceFile(path, languageVersion, ...rest);
    // A block without imports is a module of its own all the same.
    return ts.createSourceFile(path, `${code}\nexport {};`, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], { ...options, paths, noEmit: true }, host);
  return [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((problem) => {
      const { line } = ts.getLineAndCharacterOfPosition(problem.file ?? source!, problem.start ?? 0);
      const page = relative(root, path).replace(/\.\d+\.ts$/, '');
      return `${page}:${line + 1} ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
    });
  });
}
