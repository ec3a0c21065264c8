import { catchError, firstValueFrom, of } from 'rxjs';
import { ConnectionLost } from '../../lib/model/errors.js';
import * as browser from '../../lib/session/browser.js';
import * as node from '../../lib/session/index.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { browserPlatform } from '../../lib/transport/browserPlatform.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';

describe('the doors of the session layer', () => {
  it('offer the same names, each for its platform', () => {
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
    expect([browser.platform, node.platform]).toEqual([browserPlatform, nodePlatform]);
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
