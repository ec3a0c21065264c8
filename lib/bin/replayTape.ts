import {
  asyncScheduler,
  filter,
  ignoreElements,
  lastValueFrom,
  merge,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { replay, type FeedConnection } from '../record/index.js';
import type { Clock } from './Clock.js';
import { newDamage } from './Damage.js';
import { clock as timeOfDay, printable } from './format.js';
import type { Io } from './Io.js';
import { openSource, type Heard } from './openSource.js';
import type { Moment, ReplayPlan } from './Plan.js';
import { newProgress } from './progress.js';
import { shown, type Opening } from './shown.js';
import { stopped } from './stopped.js';
import { tapes } from './tapes.js';
import { tapeSources } from './tapeSources.js';
import { tapeWish } from './tapeWish.js';
import { titleOf } from './titleOf.js';
import { unhurried } from './unhurried.js';

/** Shows what was recorded as if it were live, until it is over or somebody stops it. */
export const replayTape = async (plan: ReplayPlan, io: Io): Promise<void> => {
  const { command, speed, length } = plan;
  const { stdout, stderr } = io;
  const damage = newDamage();
  const cassette = tapes(plan.tapes, { onDamage: damage.note });
  const { counted, during } = newProgress(io, cassette.name);
  const facts = await during(tapeSources(counted(tapes(plan.tapes))));
  const { played, shown: sources, isWanted } = tapeWish(facts, command, cassette.name);
  const from = startOf(plan.from, facts.startedAt);

  let time = from ?? facts.startedAt ?? 0;
  let count = 0;
  const clock: Clock = { now: () => time, foreign: true };
  /** Keeps the clock going while nothing is heard, as often as somebody looks at it. */
  const beats = (): Observable<never> =>
    timer(0, Math.min(LONGEST_BEAT, BEAT * speed)).pipe(
      tap(() => (time = asyncScheduler.now())),
      ignoreElements(),
    );
  const heard = (connection: FeedConnection): Observable<Heard> =>
    merge(...played.map((source) => openSource(source, { ...connection }))).pipe(
      filter(({ event }) => isWanted(event)),
      tap(({ event }) => {
        time = Math.max(time, event.receivedAt);
        count += 1;
      }),
    );
  const opening: Opening = (make) =>
    replay(unhurried(cassette, stdout), (connection) => merge(heard(connection), beats()).pipe(make), { speed, from });

  const display = plan.display === 'table' && !stdout.isTTY ? 'lines' : plan.display;
  const names = titleOf(command, sources.map(({ name }) => name).join(', '));
  const title = `${names} (${cassette.name}${speed === 1 ? '' : `, speed ${speed === Infinity ? 'max' : speed}`})`;
  if (display !== 'table') stderr.write(`rxtape: replaying ${printable(title)}\n`);
  try {
    const picture$ = shown(opening, { ...plan, ...facts, sources, title }, display, io, clock);
    await lastValueFrom(picture$.pipe(takeUntil(stopped(io, length))), { defaultValue: undefined });
  } finally {
    const lines = damage.line();
    if (lines !== undefined) stderr.write(`rxtape: ${printable(lines)}\n`);
  }
  if (count === 0)
    stderr.write(`rxtape: nothing was heard${from === undefined ? '' : ` from ${timeOfDay(from)} on`}\n`);
};

/** Milliseconds, for whoever looks on, between two settings of the clock; and of the tape, at most. */
const BEAT = 100;
const LONGEST_BEAT = 60_000;

const startOf = (from: Moment | undefined, startedAt: number | undefined): number | undefined => {
  if (from === undefined || 'at' in from) return from?.at;
  return startedAt === undefined ? undefined : startedAt + from.after;
};
