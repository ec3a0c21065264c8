import { identity, map } from 'rxjs';
import { delayBy } from '../../../lib/testing/faults/connectionFaults.js';
import { dropAfter } from '../../../lib/testing/faults/connectionFaults.js';
import { duplicate } from '../../../lib/testing/faults/frameFaults.js';
import { faulty, type Fault } from '../../../lib/testing/faults/intercept.js';
import { garble } from '../../../lib/testing/faults/frameFaults.js';
import { halfOpen } from '../../../lib/testing/faults/connectionFaults.js';
import { reorderWithin } from '../../../lib/testing/faults/frameFaults.js';
import { intercept } from '../../../lib/testing/faults/intercept.js';
import { truncateFrames } from '../../../lib/testing/faults/frameFaults.js';
import { fakeNetwork, type FakeConnection, type FakeNetworkOptions } from '../../../lib/testing/fakeNetwork.js';
import type { SocketLike } from '../../../lib/transport/SocketLike.js';
import { virtually } from './line.js';

/** Faults that are there and affect nothing yet. */
const harmless: readonly (readonly [name: string, fault: Fault])[] = [
  ['delayBy', delayBy({ latency: 0 })],
  ['dropAfter', dropAfter({ frames: 1_000, after: 100_000 })],
  ['duplicate', duplicate({ share: 0 })],
  ['garble', garble({ share: 0 })],
  ['halfOpen', halfOpen({ after: 100_000 })],
  ['reorderWithin', reorderWithin({ share: 0 })],
  ['truncateFrames', truncateFrames({ share: 0 })],
];

interface Ends {
  readonly socket: SocketLike;
  readonly connection: FakeConnection;
  /** What the socket told its owner. */
  readonly told: readonly string[];
}

/** Both ends of a connection that was asked for, and not yet accepted. */
const asked = (faults: readonly Fault[], options: FakeNetworkOptions = {}): Ends => {
  const { openSocket, connections } = fakeNetwork(() => undefined, options);
  const socket = faulty(openSocket, ...faults)('ws://vendor.test', {
    headers: {},
    maxFrameBytes: 1_000,
    compress: false,
  });
  const told: string[] = [];
  socket.onopen = () => told.push('open');
  socket.onmessage = ({ data }: { readonly data: string }) => told.push(data);
  socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
    told.push(`close ${code} ${reason}`.trim());
  socket.onerror = ({ message }: { readonly message: string }) => told.push(`error ${message}`);
  socket.onrefused = ({ status, reason }) => void told.push(`refused ${status} ${reason}`);
  if (socket.onping !== undefined) socket.onping = () => void told.push('ping');
  return { socket, connection: connections[0]!, told };
};

describe.each(harmless)('a socket with %s', (_, fault) => {
  it('tells its owner all that the one under it does, in order, and the end once', () => {
    virtually(() => {
      const { connection, told, socket } = asked([fault]);
      connection.open();
      connection.say('a');
      connection.ping();
      connection.say('b');
      socket.send('c');
      connection.close(1001, 'going away');
      connection.drop();
      socket.close();
      expect(told).toEqual(['open', 'a', 'ping', 'b', 'close 1001 going away']);
      expect(connection.received).toEqual(['c']);
    });
  });

  it('tells of a refusal', () => {
    virtually(() => {
      const { connection, told } = asked([fault]);
      connection.refuse(429, undefined, 'slow down');
      expect(told).toEqual(['refused 429 slow down']);
    });
  });

  it('hears pings where the platform shows them', () => {
    virtually(() => {
      expect(asked([fault]).socket.onping).not.toBeUndefined();
      expect(asked([fault], { showsPings: false }).socket.onping).toBeUndefined();
    });
  });

  it('stands handlers that are gone', () => {
    virtually(() => {
      const { connection, told, socket } = asked([fault]);
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.onping = socket.onrefused = null;
      connection.open();
      connection.say('a');
      connection.ping();
      connection.close();
      expect(told).toEqual([]);
    });
  });

  it('can be closed in any state, more than once', () => {
    virtually(() => {
      const { connection, told, socket } = asked([fault]);
      socket.close(1000, 'bye');
      socket.close();
      connection.open();
      connection.say('a');
      expect(connection.closedByClient).toEqual({ code: 1000, reason: 'bye' });
      expect(told).toEqual([]);
    });
  });

  it('minds being spoken to before it is open, and not after it was closed', () => {
    virtually(() => {
      const { connection, socket } = asked([fault]);
      expect(() => socket.send('early')).toThrow('connecting');
      connection.open();
      connection.drop();
      expect(() => socket.send('late')).not.toThrow();
      expect(connection.received).toEqual([]);
    });
  });
});

describe('an intercepted socket', () => {
  const inner = (): SocketLike & { closed: number } => ({
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    binaryType: 'blob',
    closed: 0,
    send: () => undefined,
    close() {
      this.closed += 1;
      // As the platforms do: also when it was the owner who closed.
      void this.onclose?.({ code: 1000, reason: '' });
    },
  });

  it('has the binary type of the one under it', () => {
    const under = inner();
    const socket = intercept(under, {});
    expect(socket.binaryType).toBe('blob');
    socket.binaryType = 'arraybuffer';
    expect(under.binaryType).toBe('arraybuffer');
  });

  it('tells of errors, and of an end about which the platform tells nothing', () => {
    const under = inner();
    const socket = intercept(under, { incoming: identity });
    const told: unknown[] = [];
    socket.onerror = (event: unknown) => told.push(event);
    socket.onclose = (event: unknown) => told.push(event);
    void under.onerror?.({ message: 'no route' });
    void under.onclose?.(undefined);
    expect(told).toEqual([{ message: 'no route' }, { code: 1006, reason: '' }]);
  });

  it('tells its owner once that it closed, whoever closed it', () => {
    const under = inner();
    const socket = intercept(under, {});
    const codes: unknown[] = [];
    socket.onclose = ({ code }: { readonly code: number }) => codes.push(code);
    socket.close();
    socket.close();
    expect(codes).toEqual([1000]);
  });

  it('closes the one under it, once, when a fault ends the connection', () => {
    const under = inner();
    const socket = intercept(under, { incoming: map(() => ({ kind: 'close', code: 1006, reason: '' })) });
    const codes: unknown[] = [];
    socket.onclose = ({ code }: { readonly code: number }) => codes.push(code);
    void under.onopen?.({});
    expect(codes).toEqual([1006]);
    expect(under.closed).toBe(1);
  });

  it('hands frames on one after the other, also those that come while one is handed on', () => {
    const under = inner();
    const socket = intercept(under, {});
    const told: string[] = [];
    socket.onmessage = ({ data }: { readonly data: string }) => {
      told.push(`${data} begins`);
      if (data === 'a') void under.onmessage?.({ data: 'b' });
      told.push(`${data} ends`);
    };
    void under.onmessage?.({ data: 'a' });
    expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });
});

describe('faulty', () => {
  it('opens plain sockets without faults', () => {
    const { openSocket } = fakeNetwork(() => undefined);
    expect(faulty(openSocket)).toBe(openSocket);
  });

  it('puts the first fault nearest to the vendor', () => {
    const heard = (...faults: readonly Fault[]): readonly string[] =>
      virtually(() => {
        const { connection, told } = asked(faults);
        connection.open();
        ['a', 'b', 'c'].forEach(connection.say);
        return told;
      });
    const twice = duplicate({ share: 1 });
    const two = dropAfter({ frames: 2 });
    expect(heard(two, twice)).toEqual(['open', 'a', 'a', 'b', 'b', 'close 1006']);
    expect(heard(twice, two)).toEqual(['open', 'a', 'a', 'close 1006']);
  });

  it('draws chance for each connection on its own, and the same again when it is called again', () => {
    const heardByTwo = (): readonly (readonly string[])[] =>
      virtually(() => {
        const { openSocket } = fakeNetwork((connection) => {
          connection.open();
          for (let i = 0; i < 50; i += 1) connection.say(String(i));
        });
        const open = faulty(openSocket, duplicate({ share: 0.5 }));
        return [1, 2].map(() => {
          const heard: string[] = [];
          const socket = open('ws://vendor.test', { headers: {}, maxFrameBytes: 1_000, compress: false });
          socket.onmessage = ({ data }: { readonly data: string }) => heard.push(data);
          return heard;
        });
      });
    const [first, second] = heardByTwo();
    expect(first).not.toEqual(second);
    expect(heardByTwo()).toEqual([first, second]);
  });

  it('counts connections for itself', () => {
    const once = dropAfter({ frames: 0, maxConnections: 1 });
    expect(
      virtually(() => [asked([once]), asked([once])].map(({ connection, told }) => (connection.open(), told))),
    ).toEqual([
      ['open', 'close 1006'],
      ['open', 'close 1006'],
    ]);
  });
});
