import { run } from '../../lib/bin/run.js';
import { renderHealth } from '../../lib/bin/views/health.js';
import type { Health } from '../../lib/index.js';
import { at, healthOf } from '../operators/health/stage.js';
import { fakeIo } from './fakeIo.js';

describe('watch --health', () => {
  it('says the health of the sources each second as JSON', async () => {
    const io = fakeIo();
    const code = await run('watch itick:stock AAPL.US --demo --health --json --for 2500ms'.split(' '), {}, io);
    const said = io.stdout.lines().map((line) => JSON.parse(line) as Health);
    expect(code).toBe(0);
    expect(said.length).toBeGreaterThan(0);
    expect(said[0]?.feeds.map(({ feed }) => feed)).toEqual(['itick:stock']);
  });

  it('says it as lines', async () => {
    const io = fakeIo();
    await run('watch itick:stock AAPL.US --demo --health --for 2500ms'.split(' '), {}, io);
    expect(io.stdout.text).toMatch(/itick:stock live, verified \d+%, clean \d+%, .* topics served/);
  });

  it('fits a narrow terminal, and says LAGGING', () => {
    const health = healthOf(9_000, [
      at.connected(0),
      at.quote(0, 1),
      at.quote(8_000, 2, { time: 2_000 }),
      at.said({ kind: 'lagging', lag: 6_000 }),
    ]);
    const frame = { title: 'test', hint: '', colors: 'none', width: 30, height: 30, now: 9_000 } as const;
    const lines = renderHealth(health, frame);
    expect(lines.every((line) => line.length <= 30)).toBe(true);
    expect(lines.join('\n')).toContain('test  live, LAGGING');
    expect(renderHealth(undefined, frame).at(-1)).toBe('  connecting');
  });
});
