const { writeFileSync } = require('node:fs');
const { env } = require('node:process');

/** Writes how many specs of a run passed and failed, for `.ci/run`, which calls the same command as the README. */
module.exports = class CountsReporter {
  onRunComplete(_contexts, { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    if (env.RXTAPE_COUNTS) writeFileSync(env.RXTAPE_COUNTS, JSON.stringify({ passed, failed }));
  }
};
