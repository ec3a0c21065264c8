import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAlone, packagesAbove } from '../package/alone.js';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'rxtape-alone-')));
const folder = join(top, 'a/b');
mkdirSync(folder, { recursive: true });
/** Not those of the machine that runs this. */
const env = { HOME: join(top, 'home') };
const ofOurs = (place: string): boolean => place.startsWith(top);

afterAll(() => rmSync(top, { recursive: true, force: true }));

describe('the folder of a consumer', () => {
  it('is refused, with the remedy, where there is a node_modules beside it or in any parent', () => {
    for (const place of [join(top, 'node_modules'), join(top, 'a/node_modules'), join(folder, 'node_modules')]) {
      mkdirSync(place);
      expect(packagesAbove(folder, env).filter(ofOurs)).toEqual([place]);
      expect(() => checkAlone(folder, env)).toThrow(/that it did not install; remove them, or set TMPDIR/);
      rmSync(place, { recursive: true });
    }
    expect(packagesAbove(folder, env).filter(ofOurs)).toEqual([]);
  });

  it('is seen where it really is', () => {
    const link = join(top, 'link');
    symlinkSync(folder, link);
    mkdirSync(join(top, 'a/node_modules'));
    expect(packagesAbove(link, env).filter(ofOurs)).toEqual([join(top, 'a/node_modules')]);
    rmSync(join(top, 'a/node_modules'), { recursive: true });
  });

  it('is refused where the environment names more places', () => {
    const home = join(top, 'home/.node_modules');
    mkdirSync(home, { recursive: true });
    expect(packagesAbove(folder, env).filter(ofOurs)).toEqual([home]);
    rmSync(home, { recursive: true });
    expect(packagesAbove(folder, { ...env, NODE_PATH: folder }).filter(ofOurs)).toEqual([folder]);
  });
});
