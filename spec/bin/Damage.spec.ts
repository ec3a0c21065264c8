import { damageLog } from '../../lib/bin/cassettes.js';
import { BadCassette } from '../../lib/record/index.js';

const damaged = (line: number) => new BadCassette('tape', line, 'is damaged; it was skipped');

describe('damageLog', () => {
  it('has nothing to say of nothing', () => {
    const { line, count } = damageLog();
    expect([line(), count()]).toEqual([undefined, 0]);
  });

  it('has the words of the one who met it, and of several the lines', () => {
    const damage = damageLog();
    damage.note(damaged(7));
    expect(damage.line()).toBe('tape:7 is damaged; it was skipped');
    damage.note(damaged(9));
    expect(damage.line()).toBe('2 lines are damaged and were skipped: tape:7, tape:9');
  });

  it('counts all and keeps the first', () => {
    const damage = damageLog();
    for (let line = 1; line <= 100; line += 1) damage.note(damaged(line));
    expect(damage.count()).toBe(100);
    expect(damage.first()).toHaveLength(20);
    expect(damage.line()).toMatch(/^100 lines .*:20 and more$/);
  });
});
