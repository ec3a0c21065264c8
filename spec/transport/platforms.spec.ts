import { browserPage$ } from '../../lib/transport/browserPage.js';
import { browserPlatform } from '../../lib/transport/browserPlatform.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';
import { remedyOf, tidied } from '../../lib/transport/remedy.js';
import { openNodeSocket } from '../../lib/transport/openNodeSocket.js';

describe('platforms', () => {
  it('opens the WebSocket of the browser, which takes no headers', () => {
    class FakeWebSocket {
      constructor(readonly url: string) {}
    }
    const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Object.defineProperty(globalThis, 'WebSocket', { value: FakeWebSocket, configurable: true });
    const options = { headers: {}, maxFrameBytes: 1, compress: false };
    expect(browserPlatform.openSocket('wss://vendor', options)).toEqual(new FakeWebSocket('wss://vendor'));
    expect(browserPlatform).toMatchObject({ headers: false, hidesRefusals: true, page$: browserPage$ });
    if (before) Object.defineProperty(globalThis, 'WebSocket', before);
    else Reflect.deleteProperty(globalThis, 'WebSocket');
  });

  it('opens ws in Node, with headers', () => {
    expect(nodePlatform).toEqual({ openSocket: openNodeSocket, headers: true, remedyOf, tidied });
  });
});
