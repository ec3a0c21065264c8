import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The places in which Node looks for the packages of a program that lies somewhere below this folder. */
export const packagesAbove = (
  folder: string,
  { NODE_PATH: path = '', HOME: home = homedir() }: NodeJS.ProcessEnv = process.env,
): readonly string[] => {
  const above = [realpathSync(folder)];
  for (let [at = ''] = above; at !== dirname(at); at = dirname(at)) above.push(dirname(at));
  return [
    ...above.map((parent) => join(parent, 'node_modules')),
    ...['.node_modules', '.node_libraries'].map((name) => join(home, name)),
    ...path.split(delimiter).filter((place) => place !== ''),
  ].filter((place) => existsSync(place));
};

/** Throws where a program below this folder would find packages that it did not install: what it forgets would not show. */
export const checkAlone = (folder: string, env?: NodeJS.ProcessEnv): void => {
  const [found] = packagesAbove(folder, env);
  if (found === undefined) return;
  throw new Error(
    `a program in ${folder} would find packages in ${found} that it did not install; ` +
      'remove them, or set TMPDIR to a folder without a node_modules beside or above it',
  );
};
