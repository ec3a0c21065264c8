import { ConnectionLost } from '../../lib/model/errors.js';
import { redacting } from '../../lib/model/redacting.js';
import { scrubbing } from '../../lib/session/scrub.js';

const SECRET = 'f00dfeedf00dfeed';
const { event, error } = scrubbing('acme', redacting(SECRET));

describe('scrubbing', () => {
  it('goes through every text of an event that only its provider knows, and leaves its names', () => {
    const own = { kind: 'status', provider: 'acme', feed: 'acme', note: [{ text: `key ${SECRET}` }], [SECRET]: 1 };
    const clean = event(own);
    expect(JSON.stringify(clean)).not.toContain(SECRET);
    expect(clean).toMatchObject({ kind: 'status', provider: 'acme', feed: 'acme' });
  });

  it('survives one that is nested deeper than the stack', () => {
    let nested: unknown = SECRET;
    for (let i = 0; i < 100_000; i++) nested = [nested];
    const clean = event({ kind: 'status', provider: 'acme', nested });
    expect(clean).toMatchObject({ kind: 'status', provider: 'acme' });
  });

  it('makes an error anew that holds the credential, and no other', () => {
    const bad = new ConnectionLost(4_000, `kicked: ${SECRET}`);
    const clean = error(bad);
    expect(clean).toBeInstanceOf(ConnectionLost);
    expect(String(clean) + JSON.stringify(clean)).not.toContain(SECRET);
    const good = new ConnectionLost(1_006);
    expect(error(good)).toBe(good);
    expect(String(error(new Error(`failed with ${SECRET}`)))).not.toContain(SECRET);
  });
});
