import { env } from 'node:process';
import main from '../../jest.config.js';

const [{ testEnvironment, moduleNameMapper, transform, transformIgnorePatterns }] = main.projects;
const counted = env.RXTAPE_COUNTS === undefined ? [] : ['<rootDir>/spec/ci/counts.cjs'];

/** What runs on other engines than this one: `npm run engines`. No part of `npm test`, as it installs each of them. */
export default {
  rootDir: '../..',
  testEnvironment,
  moduleNameMapper,
  transform,
  transformIgnorePatterns,
  testMatch: ['<rootDir>/spec/engines/**/*.spec.ts'],
  globalSetup: '<rootDir>/spec/engines/pack.ts',
  globalTeardown: '<rootDir>/spec/package/uninstall.ts',
  reporters: ['<rootDir>/spec/engines/reporter.cjs', ['default', { summaryThreshold: 0 }], ...counted],
  maxWorkers: '100%',
  // What an engine left behind must not keep CI waiting.
  forceExit: true,
  // Each installs an engine first; a busy machine is no failure.
  testTimeout: 400_000,
};
