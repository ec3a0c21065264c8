import { run } from '../../lib/bin/run.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { fakeIo } from './fakeIo.js';

describe('rxtape watch --standby', () => {
  it('goes on with the other vendor where the first is lost, and says so', async () => {
    const simulator = await startSimulator({ speed: 10 });
    const io = fakeIo();
    let isLost = false;
    io.stdout.onText = (text) => {
      if (!isLost && /itick 600000\.SH quote /.test(text) && simulator.tickflow.live === 1) {
        isLost = true;
        simulator.itick.refuseUpgrades(503);
        simulator.itick.drop();
      }
      if (/switched to the secondary[^]*tickflow 600000\.SH quote /.test(text)) io.interrupted$.next();
    };
    try {
      const env = {
        ITICK_TOKEN: 'demo',
        ITICK_URL: simulator.url,
        TICKFLOW_API_KEY: 'demo',
        TICKFLOW_URL: simulator.url,
      };
      const code = await run(['watch', 'itick:stock', '600000.SH', '--standby', 'tickflow'], env, io);
      expect(code).toBe(0);
      expect(io.stderr.lines()).toEqual(['rxtape: watching itick:stock, tickflow stands by']);
      const lines = io.stdout.lines();
      const at = lines.findIndex((line) => line.includes('switched to the secondary, tickflow'));
      expect(lines.slice(0, at).join('\n')).not.toMatch(/tickflow 600000\.SH quote/);
      expect(lines.slice(at).join('\n')).not.toMatch(/itick 600000\.SH quote/);
    } finally {
      await simulator.close();
    }
  });
});
