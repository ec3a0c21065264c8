import { ConnectionLost } from '../../lib/model/errors.js';
import type { Switched } from '../../lib/model/feedEvent.js';
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

  it('goes on as that of the line of a standby that takes over, once', () => {
    const lines = lineTable();
    const other = { provider: 'tickflow', feed: 'tickflow' };
    const switched: Switched = {
      kind: 'switched',
      ...other,
      receivedAt: 20,
      symbols: 'all',
      from: 'primary',
      to: 'secondary',
      left: 'itick:stock',
      cause: { _tag: 'Stale', message: '' },
    };
    expect(lines.handOver(switched)).toBe(false);
    lines.heard(connected(10));
    expect(lines.handOver({ ...switched, symbols: ['AAPL.US'] })).toBe(false);
    expect([lines.handOver(switched), lines.handOver(switched), lines.isLive()]).toEqual([true, false, true]);
    expect(lines.cut({ cause, agreedAt: 50, now: 60 })).toMatchObject([{ kind: 'disconnected', ...other }]);
    // The owner's state has the link of the first line, under the name of the other one.
    const back = { ...connected(10), ...other };
    expect(lines.heard(back, { now: 80, lost: 3 })).toMatchObject({ ...other, resumed: { from: 50, to: 80, lost: 3 } });
    expect(lines.cut({ cause, agreedAt: 90, now: 95 })).toHaveLength(1);
  });

  it('goes on also where the joiner hears of the switch only when its own cut is over', () => {
    const lines = lineTable();
    lines.heard(connected(10));
    lines.cut({ cause, agreedAt: 50, now: 60 });
    const names = { provider: 'tickflow', feed: 'tickflow' };
    const { _tag } = { _tag: 'PrimaryFresh' } as const;
    const facts = { receivedAt: 55, symbols: 'all', from: 'primary', to: 'secondary', left: 'itick:stock' } as const;
    expect(lines.handOver({ kind: 'switched', ...names, ...facts, cause: { _tag, message: '' } })).toBe(true);
    const back = { ...connected(10), ...names };
    expect(lines.heard(back, { now: 80, lost: 1 })).toMatchObject({ ...names, resumed: { from: 50, to: 80 } });
  });
});
