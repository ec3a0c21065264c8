import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { programOf, type Engine } from './engines.js';
import { projectOn, type Project } from './project.js';
import { ran, type Ended } from './ran.js';
import { expectStated, type Outcome } from './table.js';

/** The rows of the table of engines in docs/engines.md. */
export const rows = {
  esm: 'all doors by `import`, the same as by `require`',
  cjs: 'all doors by `require`',
  feed: 'bars, books and quotes of three vendors',
  refused: 'a rejected credential has its name',
  gateway: '`serveFeed` and `joinFeed` of `rxtape/gateway`',
  tape: 'the simulator; a tape, plain and `.gz`',
  zstd: 'a tape as `.zst`',
  console: 'the command `rxtape`',
  page: "the browser's doors, over its own WebSocket",
} as const;

export const outcomeOf = ({ code, reason }: Ended): Outcome => (code === 0 ? 'yes' : { no: reason });

/** What each engine is asked to do, by what the page says of it. */
export const describeEngine = (engine: Engine, isNode: boolean): void => {
  describe(engine.name, () => {
    let project: Project;
    let simulator: Simulator;
    beforeAll(async () => {
      project = projectOn(engine, isNode ? programOf(engine) : undefined);
      simulator = await startSimulator({ seed: 7, speed: 10 });
    });
    afterAll(() => simulator.close());

    const check = (row: keyof typeof rows, body: () => Promise<Outcome>): void => {
      it(`${rows[row]}: it is as docs/engines.md says`, async () => {
        expectStated(rows[row], engine.name, await body());
      });
    };
    const runs = async (script: string, ...words: readonly string[]): Promise<Outcome> =>
      outcomeOf(await project.run(script, words));

    check('esm', () => runs('doors.mjs'));
    check('cjs', () => runs('doors.cjs'));
    check('feed', () => runs('feed.mjs', simulator.url));
    check('refused', () => runs('refused.mjs', simulator.url));
    check('gateway', () => runs('gateway.mjs', simulator.url));
    check('tape', async () => {
      const plain = await runs('tape.mjs');
      return plain === 'yes' ? runs('tape.mjs', '.gz') : plain;
    });
    check('zstd', () => runs('tape.mjs', '.zst'));

    check('console', async () => {
      const rxtape = (words: readonly string[]): Promise<Ended> => {
        const options = { engine: programOf(engine), env: { ITICK_TOKEN: 'demo' } };
        return isNode
          ? ran(project.folder, 'npx', ['--no-install', 'rxtape', ...words], options)
          : project.run('node_modules/rxtape/dist/cjs/bin/rxtape.js', words, options);
      };
      const version = await rxtape(['--version']);
      if (version.code !== 0 || !/^\d+\.\d+\.\d+\n$/.test(version.said)) return { no: version.reason };
      const watching = ['watch', 'itick:stock', 'AAPL.US', '--url', simulator.url, '--json', '--for', '5s'];
      const watch = await rxtape(watching);
      return watch.said.includes('"kind":"quote"') ? outcomeOf(watch) : { no: watch.reason };
    });

    check('page', async () => {
      const source = `
        import { watch } from './page.mjs';
        const end = (code, error) => {
          if (error) console.error(String(error));
          process.exit(code);
        };
        watch(process.argv[2]).then(() => end(0), (error) => end(1, error));`;
      return runs(await project.bundle(source, 'bundle.mjs', ['browser']), simulator.url);
    });
  });
};
