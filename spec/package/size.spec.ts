import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { doors } from '../sources/doors.js';
import { root } from '../sources/files.js';
import { outputIn, written } from './consumer.js';
import { peers } from './packed.js';

const brought = [...peers, 'fp-ts', 'io-ts'];
const browserDoors = doors.filter(({ browser }) => browser !== undefined).map(({ name }) => name);

/** A feed without the history that is in the same door: an application that imports the one pays nothing for the other. */
const feeds = ['itick', 'tickflow'].map((feed) => ({ name: `${feed} of rxtape/${feed}`, feed }));
const names = [...browserDoors, ...feeds.map(({ name }) => name)];

/** Bytes of each door and feed in a browser bundle: minified, zipped, without the packages that an application brings. */
const measured = (): ReadonlyMap<string, number> => {
  const sources = [
    ...browserDoors.map((name) => ({ name, source: `export * from '${name}';` })),
    ...feeds.map(({ name, feed }) => ({ name, source: `export { ${feed} } from 'rxtape/${feed}';` })),
  ];
  const checks = sources.map(({ name, source }) => ({
    name,
    path: written(`size/${name.replace(/\W+/g, '-')}.js`, source),
    ignore: brought,
    gzip: true,
  }));
  const tools = Object.fromEntries(['@size-limit/esbuild', '@size-limit/file'].map((name) => [name, '*']));
  const project = written('size/package.json', JSON.stringify({ devDependencies: tools, 'size-limit': checks }));
  const said = outputIn(dirname(project), join(root, 'node_modules/.bin/size-limit'), '--json');
  return new Map((JSON.parse(said) as { name: string; size: number }[]).map(({ name, size }) => [name, size]));
};

/** `| rxtape/itick | 11.4 kB | 12 kB |`, as docs/install.md has it; of a feed alone `| itick of rxtape/itick |`. */
const stated = new Map(
  [
    ...readFileSync(join(root, 'docs/install.md'), 'utf8').matchAll(
      /^\| ((?:`\w+` of )?`rxtape\S*`) +\| ([\d.]+) kB +\| ([\d.]+) kB +\|$/gm,
    ),
  ].map(([, name = '', size, budget]) => [name.replaceAll('`', ''), { size: Number(size), budget: Number(budget) }]),
);

const sizes = measured();
const kilobytes = (name: string): number => (sizes.get(name) ?? NaN) / 1_000;

describe('the size of a door, and of a feed alone', () => {
  it('is in docs/install.md for each that browsers may open', () => {
    expect([...stated.keys()].sort()).toEqual([...names].sort());
  });

  it.each(names)('is within its budget: %s', (name) => {
    expect(kilobytes(name)).toBeLessThanOrEqual(stated.get(name)?.budget ?? 0);
  });

  it.each(names)('is what docs/install.md says, within a third of a kilobyte: %s', (name) => {
    expect(Math.abs(kilobytes(name) - (stated.get(name)?.size ?? 0))).toBeLessThan(0.3);
  });
});
