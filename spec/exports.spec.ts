import { join } from 'node:path';
import ts from 'typescript';
import { doors } from './sources/doors.js';
import { libFiles, root } from './sources/files.js';
import { loadedBy } from './sources/importsOf.js';
import { publicNames, type Names } from './sources/publicNames.js';

const program = ts.createProgram(
  libFiles.map((file) => join(root, 'lib', file)),
  { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, types: ['node'], noEmit: true },
);

/** What a door exports: by which name, and what was declared. */
const exportsOf = (file: string): readonly (readonly [string, ts.Symbol])[] => {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, 'lib', file));
  const door = source && checker.getSymbolAtLocation(source);
  if (!door) throw new Error(`${file} is no module`);
  return checker
    .getExportsOfModule(door)
    .map((symbol) => [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]);
};

const namesOf = (file: string): Names => {
  const values: string[] = [];
  const types: string[] = [];
  for (const [name, { flags }] of exportsOf(file)) (flags & ts.SymbolFlags.Value ? values : types).push(name);
  return { values: values.sort(), types: types.sort() };
};

const isDocumented = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some((declaration) => ts.getJSDocCommentsAndTags(declaration).length > 0);

describe('the package', () => {
  it('has these doors', () => {
    expect(doors.map(({ name }) => name)).toEqual(Object.keys(publicNames));
  });
});

describe.each(doors)('$name', ({ name, node, browser }) => {
  it('has these public names', () => {
    expect(namesOf(node)).toEqual(publicNames[name]);
  });

  it('says of each name what it is', () => {
    const undocumented = exportsOf(node).filter(([, declared]) => !isDocumented(declared));
    expect(undocumented.map(([exported]) => exported)).toEqual([]);
  });

  if (browser === undefined) return;

  it('has the same names in a browser', () => {
    expect(namesOf(browser)).toEqual(publicNames[name]);
  });

  it('needs nothing of Node in a browser', () => {
    expect([...loadedBy(browser)].filter((target) => target === 'ws' || target.startsWith('node:'))).toEqual([]);
  });
});
