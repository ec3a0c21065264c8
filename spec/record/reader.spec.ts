import { cassetteOf } from '../../lib/record/sinks.js';
import { cassetteIndex } from '../../lib/record/reader.js';

describe('cassetteIndex', () => {
  it('knows who was asked when and what was given up, in the order of the tape', () => {
    const cassette = cassetteOf([
      { what: 'start', wall: 1, mono: 0, standing: [{ connection: 1, url: 'wss://a?x=1', open: true, greeting: [] }] },
      { what: 'connect', wall: 2, mono: 1, connection: 2, url: 'wss://b?x=1' },
      { what: 'close', wall: 3, mono: 2, connection: 1, code: 1000, reason: '', byUs: true },
      { what: 'close', wall: 4, mono: 3, connection: 2, code: 1006, reason: '', byUs: false },
      { what: 'connect', wall: 5, mono: 4, connection: 3, url: 'wss://a' },
    ]);
    expect(cassetteIndex(cassette)).toEqual({
      endpoints: ['wss://a', 'wss://b'],
      asks: [
        { wall: 2, endpoint: 'wss://b' },
        { wall: 5, endpoint: 'wss://a' },
      ],
      requests: new Map(),
      givenUp: ['wss://a'],
    });
  });

  it('keeps the place of what was given up where the line that began it was damaged', () => {
    const cassette = cassetteOf([
      { what: 'start', wall: 1, mono: 0, standing: [] },
      { what: 'close', wall: 2, mono: 1, connection: 7, code: 1000, reason: '', byUs: true },
      { what: 'connect', wall: 3, mono: 2, connection: 8, url: 'wss://a' },
      { what: 'close', wall: 4, mono: 3, connection: 8, code: 1000, reason: '', byUs: true },
    ]);
    expect(cassetteIndex(cassette)).toMatchObject({ givenUp: ['', 'wss://a'] });
  });
});
