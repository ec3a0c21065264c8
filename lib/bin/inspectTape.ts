import { statSync } from 'node:fs';
import { ignoreElements, lastValueFrom, merge, takeUntil, tap } from 'rxjs';
import { inspectCassette, replay } from '../record/index.js';
import { newDamage } from './Damage.js';
import type { Io } from './Io.js';
import { openSource } from './openSource.js';
import type { InspectPlan } from './Plan.js';
import { newProgress } from './progress.js';
import { renderReport } from './renderReport.js';
import { stopped } from './stopped.js';
import { newDecoded, type TapeReport } from './tapeReport.js';
import { tapes } from './tapes.js';
import { tapeSources } from './tapeSources.js';

/** Says what is in a recording. */
export const inspectTape = async ({ tapes: files, json }: InspectPlan, io: Io): Promise<void> => {
  const damage = newDamage();
  const { counted, during } = newProgress(io, files.join(', '));
  const inspection = await during(inspectCassette(counted(tapes(files, { onDamage: damage.note }))));
  const { sources, strangers, startedAt = 0 } = await during(tapeSources(counted(tapes(files))));
  const { hear, report } = newDecoded(sources, startedAt);
  if (sources.length > 0) {
    const heard$ = replay(
      counted(tapes(files)),
      (connection) => merge(...sources.map((source) => openSource(source, { ...connection }))),
      {
        speed: Infinity,
      },
    );
    const told$ = heard$.pipe(tap(hear), ignoreElements(), takeUntil(stopped(io, undefined)));
    await during(lastValueFrom(told$, { defaultValue: undefined }));
  }
  const found: TapeReport = {
    ...inspection,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    ...report(),
    strangers,
    damage: { count: damage.count(), first: damage.first().map(({ message }) => message) },
  };
  io.stdout.write(json ? `${JSON.stringify(found)}\n` : `${renderReport(found).join('\n')}\n`);
};
