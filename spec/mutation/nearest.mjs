import { readFileSync, writeFileSync } from 'node:fs';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const [{ factory: jestRunner }] = jestPlugins;
const FILES = 'filesOfSpecs.json';

/**
 * Stryker's Jest runner, which loads every file of specs that imports a mutated one. Loading is most of the time, so this
 * loads only those files whose specs reach the mutant, one by one, until it is noticed: first the ones that noticed most
 * of its neighbours.
 */
const nearest = (injector) => {
  const jest = jestRunner(injector);
  const noticed = new Map();
  let filesOf;

  const reaching = (names, mutated) => {
    filesOf ??= JSON.parse(readFileSync(FILES, 'utf8'));
    const reached = new Set(names);
    const files = new Set(filesOf.flatMap(([name, file]) => (reached.has(name) ? [file] : [])));
    const count = (file) => noticed.get(`${mutated} ${file}`) ?? 0;
    return [...files].sort((one, other) => count(other) - count(one));
  };

  return {
    capabilities: () => jest.capabilities(),
    init: () => jest.init(),
    dryRun: async (options) => {
      const result = await jest.dryRun(options);
      // In a file, as a mutant may end the process, and the next one has to know.
      writeFileSync(FILES, JSON.stringify((result.tests ?? []).map(({ id, fileName }) => [id, fileName])));
      return result;
    },
    mutantRun: async (options) => {
      const mutated = options.activeMutant.fileName;
      let result;
      for (const file of reaching(options.testFilter, mutated)) {
        jest.jestConfig.testMatch = [file];
        result = await jest.mutantRun(options);
        if (result.status === 'survived') continue;
        noticed.set(`${mutated} ${file}`, 1 + (noticed.get(`${mutated} ${file}`) ?? 0));
        break;
      }
      return result;
    },
  };
};
nearest.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'nearest', nearest)];
