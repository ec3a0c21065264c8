import { TestScheduler } from 'rxjs/testing';
import { inspectCassette, memorySink, parseCassette, type Inspection } from '../../lib/record/index.js';
import { recordedLive, type Recorded } from './aTape.js';

const aTape = (): Recorded => new TestScheduler(() => undefined).run(({ flush }) => recordedLive(flush));

describe('inspectCassette', () => {
  it('counts what there is, and finds the gaps', async () => {
    const endpoint = 'wss://api.itick.org/stock';
    expect(await inspectCassette(aTape().cassette)).toMatchObject({
      name: 'cassette',
      from: 0,
      endpoints: [endpoint],
      connections: 4,
      refused: 1,
      in: { frames: 12, size: expect.any(Number) as number },
      lost: 0,
      gaps: [
        { endpoint, from: 2_030, to: 2_760, code: 1001, byUs: false },
        { endpoint, from: 9_260, code: 1000, byUs: true },
        { endpoint, to: undefined, byUs: true },
      ],
      rate: { peak: 2 },
    });
  });

  it('reads binary frames, requests, losses, and connections that were there before', async () => {
    const standing = [{ connection: 3, url: 'wss://host/a?key=***', open: true, greeting: [] }];
    const lines = [
      { rxtape: 1, wall: 1_000, mono: 0, standing },
      ['binary', 2_000, 0, 3, 'AAAA'],
      ['lost', 3_000, 0, 7, 700],
      ['request', 3_000, 0, 1, 'GET', 'https://host/klines?from=1', ''],
      ['request', 3_000, 0, 2, 'POST', 'https://host/klines', '{}'],
      ['answer', 3_000, 0, 1, 200, {}, '[12]'],
      ['failed', 3_000, 0, 2, 'reset'],
      ['close', 3_000, 0, 9, 1006, '', false],
    ];
    const found = await inspectCassette(parseCassette(lines.map((line) => JSON.stringify(line)).join('\n')));
    expect(found).toEqual<Inspection>({
      name: 'cassette',
      from: 1_000,
      to: 3_000,
      endpoints: ['wss://host/a'],
      connections: 0,
      refused: 0,
      in: { frames: 1, size: 3 },
      out: { frames: 0, size: 0 },
      requests: { sent: 2, answered: 1, failed: 1, size: 4 },
      lost: 7,
      gaps: [{ endpoint: '', from: 3_000, to: undefined, code: 1006, byUs: false }],
      rate: { mean: 0.5, peak: 1 },
    });
  });

  it('says of an empty cassette that it is empty', async () => {
    expect(await inspectCassette(memorySink().cassette())).toMatchObject({
      from: undefined,
      rate: { mean: 0, peak: 0 },
    });
  });
});
