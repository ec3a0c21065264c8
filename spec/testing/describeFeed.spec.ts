import { NEVER } from 'rxjs';
import type { ContractStage } from '../../lib/testing/contract/stage.js';
import { describeFeed } from '../../lib/testing/contract/describeFeed.js';
import { feedContract } from '../../lib/testing/contract/feedContract.js';
import { itickScript } from '../providers/contract/itickStages.js';

describeFeed('itick', () => itickScript());

describe('describeFeed', () => {
  it('gives any runner a test for each clause', () => {
    const tests: [name: string, body: () => void][] = [];
    const groups: string[] = [];
    describeFeed('broken', () => ({ ...itickScript(), feed: () => NEVER }), {
      describe: (name, body) => {
        groups.push(name);
        body();
      },
      it: (name, body) => tests.push([name, body]),
    });
    expect(groups).toEqual(['broken keeps the feed contract']);
    expect(tests.map(([name]) => name)).toEqual(feedContract.map(({ name }) => name));
    expect(tests.find(([name]) => name.startsWith('logs in'))?.[1]).toThrow();
  });

  it('has no tests about a credential for a vendor that takes none', () => {
    const names: string[] = [];
    const open = (): ContractStage => ({ ...itickScript(), credential: undefined });
    describeFeed('open', open, { describe: (_, body) => body(), it: (name) => names.push(name) });
    const left = feedContract.map(({ name }) => name).filter((name) => !names.includes(name));
    expect(left).toEqual(['ends at once when the credential is refused', 'never says the credential']);
  });
});
