import { matchers, type MarketMatchers } from '../../lib/testing/matchers/matchers.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the one line that a user of these matchers writes
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- as above
    interface Matchers<R, T> extends MarketMatchers<R, T> {}
  }
}

expect.extend(matchers);
