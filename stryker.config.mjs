import jestConfig from './jest.config.js';

const [lib] = jestConfig.projects;

/** Mutation testing of what must not be wrong: see docs/testing.md. */
export default {
  mutate: [
    'lib/session/**/*.ts',
    'lib/model/{kline,outage}.ts',
    'lib/operators/{klines,depth}/**/*.ts',
    // Around what turns events into bars and books: subscriptions and clocks, which have marbles, and options.
    '!lib/operators/klines/{toKlines,resampleKlines,onTheClock,KlineOptions}.ts',
    '!lib/operators/depth/{orderBook,topOfBook,consolidateDepth}.ts',
  ],
  plugins: ['@stryker-mutator/*', './spec/mutation/nearest.mjs'],
  testRunner: 'nearest',
  jest: {
    enableFindRelatedTests: false,
    config: {
      ...jestConfig,
      ...lib,
      projects: [],
      testEnvironment: './spec/mutation/firstFailure.cjs',
      testMatch: [
        '<rootDir>/spec/session/**/*.spec.ts',
        '<rootDir>/spec/operators/{klines,depth}/**/*.spec.ts',
        '<rootDir>/spec/model/{kline,outage}.spec.ts',
      ],
      setupFiles: ['<rootDir>/spec/mutation/fewerRuns.ts'],
      setupFilesAfterEnv: ['<rootDir>/spec/mutation/noHarm.ts'],
    },
  },
  coverageAnalysis: 'perTest',
  // A mutant that is there from the first import on would need a run of all specs.
  ignoreStatic: true,
  concurrency: 1,
  // On top of the time that loading the specs took, which is seconds.
  timeoutMS: 1_000,
  ignorePatterns: ['bench', 'coverage', 'dist', 'docs', 'examples', 'reference'],
  tempDirName: 'coverage/mutation/sandbox',
  incremental: true,
  incrementalFile: 'coverage/mutation/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: 'coverage/mutation/mutation.json' },
  clearTextReporter: { logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
