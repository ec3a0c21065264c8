import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { describeEngine, outcomeOf, rows } from './checks.js';
import { bun, deno, folderOf, workerd } from './engines.js';
import { projectOn, type Project } from './project.js';
import { ran } from './ran.js';
import { expectStated } from './table.js';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

describeEngine(bun, false);
describeEngine(deno, false);

describe(workerd.name, () => {
  let project: Project;
  let simulator: Simulator;
  beforeAll(async () => {
    project = projectOn(workerd);
    simulator = await startSimulator({ seed: 7, speed: 10 });
  });
  afterAll(() => simulator.close());

  it(`${rows.page}: it is as docs/engines.md says`, async () => {
    const source = `
      import { watch } from './page.mjs';
      const answer = ({ url }) => watch(new URL(url).searchParams.get('url')).then(() => 'ok', String);
      export default { fetch: async (request) => new Response(await answer(request)) };`;
    const worker = await project.bundle(source, 'worker.mjs', ['workerd', 'worker', 'browser']);
    const folder = folderOf(workerd);
    copyFileSync(join(project.folder, 'miniflare.mjs'), join(folder, 'miniflare.mjs'));
    const ended = await ran(folder, process.execPath, ['miniflare.mjs', worker, simulator.url]);
    expectStated(rows.page, workerd.name, outcomeOf(ended));
  });
});
