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

/** What a door exports. */
const namesOf = (file: string): Names => {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, 'lib', file));
  const door = source && checker.getSymbolAtLocation(source);
  if (!door) throw new Error(`${file} is no module`);
  const values: string[] = [];
  const types: string[] = [];
  for (const symbol of checker.getExportsOfModule(door)) {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    (meant.flags & ts.SymbolFlags.Value ? values : types).push(symbol.name);
  }
  return { values: values.sort(), types: types.sort() };
};

describe('the package', () => {
  it('has these doors', () => {
    expect(doors.map(({ name }) => name)).toEqual(Object.keys(publicNames));
  });
});

describe.each(doors)('$name', ({ name, node, browser }) => {
  it('has these public names', () => {
    expect(namesOf(node)).toEqual(publicNames[name]);
  });

  if (browser === undefined) return;

  it('has the same names in a browser', () => {
    expect(namesOf(browser)).toEqual(publicNames[name]);
  });

  it('needs nothing of Node in a browser', () => {
    expect([...loadedBy(browser)].filter((target) => target === 'ws' || target.startsWith('node:'))).toEqual([]);
  });
});
