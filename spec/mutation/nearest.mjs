import { readFileSync, writeFileSync } from 'node:fs';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

const [{ factory: jestRunner }] = jestPlugins;
const FILES = 'filesOfSpecs.json';

/**
 * Stryker's Jest runner, which loads every file of specs that imports a mutated one. Loading is most of the time, so this
 * loads only the files of those specs that reach the mutant.
 */
const nearest = (injector) => {
  const jest = jestRunner(injector);
  let filesOf;
  return {
    capabilities: () => jest.capabilities(),
    init: () => jest.init(),
    dryRun: async (options) => {
      const result = await jest.dryRun(options);
      // In a file, as a mutant may end the process, and the next one has to know.
      writeFileSync(FILES, JSON.stringify((result.tests ?? []).map(({ id, fileName }) => [id, fileName])));
      return result;
    },
    mutantRun: (options) => {
      filesOf ??= JSON.parse(readFileSync(FILES, 'utf8'));
      const reached = new Set(options.testFilter);
      jest.jestConfig.testMatch = [...new Set(filesOf.flatMap(([id, file]) => (reached.has(id) ? [file] : [])))];
      return jest.mutantRun(options);
    },
  };
};
nearest.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'nearest', nearest)];
