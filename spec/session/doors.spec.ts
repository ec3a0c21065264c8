import { catchError, firstValueFrom, of } from 'rxjs';
import { ConnectionLost, InvalidOption } from '../../lib/model/errors.js';
import * as browser from '../../lib/session/browser.js';
import * as node from '../../lib/session/index.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { browserPlatform } from '../../lib/transport/browserPlatform.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';

const thrownBy = (fails: () => unknown): InvalidOption => {
  try {
    fails();
  } catch (error) {
    if (error instanceof InvalidOption) return error;
  }
  throw new Error('it throws no InvalidOption');
};

describe('the doors of the session layer', () => {
  it('offer the same names, each for its platform', () => {
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
    expect([browser.platform, node.platform]).toEqual([browserPlatform, nodePlatform]);
  });

  it('name the option, the platform and the remedy where a browser is to open a socket of Node', () => {
    const { option, message } = thrownBy(browser.nodeSocket);
    expect(option).toBe('openSocket');
    expect(message).toMatch(/for Node.*browser.*proxy from its system/);
  });

  it.each([
    ['browser', browser.connect],
    ['Node', node.connect],
  ])('connect from %s', async (_, connect) => {
    const { openSocket } = fakeNetwork((vendor) => vendor.drop());
    const loss$ = connect('wss://vendor', { openSocket }).pipe(catchError((error: unknown) => of(error)));
    expect(await firstValueFrom(loss$)).toEqual(new ConnectionLost(1006));
  });
});
