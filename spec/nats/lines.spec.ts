import { ConnectionLost } from '../../lib/model/errors.js';
import { lineTable } from '../../lib/nats/lines.js';
import { connected, disconnected } from './events.js';

const cause = new ConnectionLost(1006, 'lost on the way');

describe('the link of a joiner', () => {
  it('is cut once, and its return says the hole and what was lost in it', () => {
    const lines = lineTable();
    const first = connected(10);
    expect(lines.heard(first)).toEqual(first);
    expect(lines.cut({ cause, agreedAt: 50, now: 60 })).toMatchObject([{ kind: 'disconnected', receivedAt: 60 }]);
    expect(lines.cut({ cause, agreedAt: 55, now: 70 })).toEqual([]);
    expect(lines.heard(first, { now: 80, lost: 3 })).toEqual(connected(80, { from: 50, to: 80, lost: 3 }));
    expect(lines.heard(first, { now: 90, lost: 0 })).toBeUndefined();
  });

  it('says a hole of the owner with its own only where that was not heard', () => {
    const lines = lineTable();
    const back = connected(30, { from: 20, to: 30 });
    lines.heard(connected(10));
    lines.heard(disconnected(21));
    expect(lines.heard(back)).toEqual(back);
    lines.cut({ cause, agreedAt: 50, now: 60 });
    expect(lines.heard(back, { now: 80, lost: 1 })).toEqual(connected(80, { from: 50, to: 80, lost: 1 }));
    lines.cut({ cause, agreedAt: 90, now: 95 });
    expect(lines.heard(connected(97, { from: 85, to: 97 }), { now: 99, lost: 1 })).toEqual(
      connected(99, { from: 85, to: 99, lost: 1 }),
    );
  });

  it('has the hole of a new owner from the moment when the old one was last agreed with', () => {
    const lines = lineTable();
    lines.heard(connected(10));
    lines.cut({ cause, agreedAt: 50, now: 60 });
    expect(lines.heard(connected(100))).toEqual(connected(100, { from: 50, to: 100 }));
  });
});
