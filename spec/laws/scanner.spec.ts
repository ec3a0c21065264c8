import { comparedFrames, kinds } from './scannedFrames.js';

const FRAMES = 2_000;

describe.each(kinds)('frames of %s', (kind) => {
  it('say the same from their bytes as from their text, whole or with wrong bytes in them', () => {
    const { frames, known, changed, wrong } = comparedFrames(kind, FRAMES, 11);
    expect({ frames, changed, wrong }).toEqual({ frames: FRAMES, changed: FRAMES / 2, wrong: undefined });
    // The point of it all: nearly no frame is read as a text.
    expect(known / frames).toBeGreaterThan(0.99);
  });
});
