import { env } from 'node:process';

const shared = {
  testEnvironment: 'node',
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: 'spec/tsconfig.json' }],
    // Some come as ES modules only, and Jest requires.
    '@angular/.+\\.mjs$': '<rootDir>/spec/toCommonJs.cjs',
    '/trading-signals/.+\\.js$': '<rootDir>/spec/toCommonJs.cjs',
  },
  transformIgnorePatterns: ['/node_modules/(?!@angular/|trading-signals/)'],
};

const enough = { lines: 95, branches: 95 };

/** Where `.ci/run` wants to find how many specs passed. */
const counted = env.RXTAPE_COUNTS === undefined ? [] : ['<rootDir>/spec/ci/counts.cjs'];

export default {
  projects: [
    {
      ...shared,
      displayName: 'lib',
      testMatch: ['<rootDir>/spec/**/*.spec.ts'],
      testPathIgnorePatterns: ['<rootDir>/spec/package/', '<rootDir>/spec/desk/', '<rootDir>/spec/engines/'],
    },
    {
      ...shared,
      displayName: 'package',
      testMatch: ['<rootDir>/spec/package/**/*.spec.ts'],
      globalSetup: '<rootDir>/spec/package/install.ts',
      globalTeardown: '<rootDir>/spec/package/uninstall.ts',
    },
    {
      ...shared,
      displayName: 'desk',
      testMatch: ['<rootDir>/spec/desk/**/*.spec.ts'],
      globalSetup: '<rootDir>/spec/desk/build.ts',
      globalTeardown: '<rootDir>/spec/package/uninstall.ts',
    },
  ],
  reporters: ['default', '<rootDir>/spec/secrets/reporter.cjs', ...counted],
  maxWorkers: '100%',
  // Some specs wait for real sockets, compilers and processes; a busy machine is no failure.
  testTimeout: 30_000,
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageReporters: [['text', { skipFull: true }], 'json-summary'],
  coverageThreshold: {
    './lib/model/': enough,
    './lib/codec/': enough,
    './lib/transport/': enough,
    './lib/session/': enough,
    './lib/providers/': enough,
    './lib/operators/': enough,
    './lib/share/': enough,
    './lib/angular/': enough,
  },
};
