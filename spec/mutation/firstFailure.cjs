const { env } = require('node:process');
const { TestEnvironment } = require('jest-environment-node');

/** The mutant that was noticed last. */
let noticed;

/** Skips what is left to run once a spec has noticed the mutant; Jest has no `bail` for whoever calls it from a program. */
module.exports = class extends TestEnvironment {
  handleTestEvent({ name, test }) {
    const mutant = env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) return;
    if (name === 'test_done' && test.errors.length > 0) noticed = mutant;
    if (name === 'test_start' && noticed === mutant) test.mode = 'skip';
  }
};
