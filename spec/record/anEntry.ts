import fc from 'fast-check';
import type { Entry, RequestEvent, SocketEvent } from '../../lib/record/index.js';

const text = fc.string({ unit: 'binary', maxLength: 40 });

const happening: fc.Arbitrary<SocketEvent> = fc.oneof(
  fc.record({ what: fc.constant('connect' as const), url: text }),
  fc.record({ what: fc.constantFrom('open' as const, 'ping' as const) }),
  fc.record({ what: fc.constantFrom('in' as const, 'out' as const), frame: text }),
  fc.record({ what: fc.constant('binary' as const), base64: fc.base64String({ maxLength: 20 }) }),
  fc.record({ what: fc.constant('close' as const), code: fc.nat(4_999), reason: text, byUs: fc.boolean() }),
  fc.record({ what: fc.constant('refused' as const), status: fc.nat(599), retryAfter: text, reason: text }),
  fc.record({ what: fc.constant('error' as const), message: text }),
);

const requested: fc.Arbitrary<RequestEvent> = fc.oneof(
  fc.record({
    what: fc.constant('request' as const),
    method: fc.constantFrom('GET', 'POST'),
    url: text,
    body: text,
  }),
  fc.record({
    what: fc.constant('answer' as const),
    status: fc.nat(599),
    headers: fc.dictionary(fc.constantFrom('content-type', 'retry-after'), text, { noNullPrototype: true }),
    body: text,
  }),
  fc.record({ what: fc.constant('failed' as const), message: text }),
  fc.record({ what: fc.constant('aborted' as const) }),
);

const stamp = { wall: fc.nat(), mono: fc.nat(1e9).map((micros) => micros / 1e3) };

const standing = fc.record({
  connection: fc.nat(9),
  url: text,
  open: fc.boolean(),
  greeting: fc.array(text, { maxLength: 2 }),
});

const start: fc.Arbitrary<Entry> = fc.record({
  what: fc.constant('start' as const),
  ...stamp,
  standing: fc.array(standing, { maxLength: 2 }),
});

const lost: fc.Arbitrary<Entry> = fc.record({
  what: fc.constant('lost' as const),
  ...stamp,
  count: fc.nat(),
  bytes: fc.nat(),
});

const socketEntry: fc.Arbitrary<Entry> = fc
  .tuple(fc.record({ ...stamp, connection: fc.integer({ min: 1, max: 9 }) }), happening)
  .map(([at, what]) => ({ ...at, ...what }));

const requestEntry: fc.Arbitrary<Entry> = fc
  .tuple(fc.record({ ...stamp, request: fc.integer({ min: 1, max: 9 }) }), requested)
  .map(([at, what]) => ({ ...at, ...what }));

/** What one recording may hold. */
export const recording: fc.Arbitrary<readonly Entry[]> = fc
  .tuple(
    start,
    fc.array(fc.oneof({ weight: 9, arbitrary: socketEntry }, { weight: 3, arbitrary: requestEntry }, start, lost), {
      maxLength: 20,
    }),
  )
  .map(([first, rest]) => [first, ...rest]);
