import { lastValueFrom, interval, Subscription, takeWhile, type Observable } from 'rxjs';
import type { Line } from '../../lib/model/feedEvent.js';
import { seeded } from '../../lib/simulator/market/random.js';
import { race } from '../../lib/standby/race.js';
import { standby } from '../../lib/standby/standby.js';
import { listener, type Account } from './accounts.js';
import { anyCut, failingLine, type FailingLine } from './failingLine.js';

/** How long the line that serves may be gone, and how long the primary is fresh before it serves again, in milliseconds. */
export const PROMOTE_AFTER = 50;
export const BACK_AFTER = 500;

/** Milliseconds between two steps of the market. */
const TICK = 10;
const MOST_LAG = 4;

export interface Trial {
  readonly failures: number;
  readonly seconds: number;
  readonly standby: Account;
  readonly race: Account;
  /** The shortest time between two returns to the primary, in milliseconds. */
  readonly betweenReturns: number;
  readonly returns: number;
}

type Lines = Readonly<Record<Line, FailingLine>>;

/** Says before each tick what fails; returns the failures so far. */
type Failures = (lines: Lines) => number;

const LINKS = 2;

/**
 * A standby and a race over the same two vendors, each a simulator on a socket of its own, until so many failures are over.
 */
const trial = async (seed: number, most: number, failures: Failures, backAfter = BACK_AFTER): Promise<Trial> => {
  const lines: Lines = { primary: await failingLine(seed), secondary: await failingLine(seed) };
  const both = [lines.primary, lines.secondary];
  const life = new Subscription();
  const random = seeded(seed ^ 0x5eed);
  const [ofStandby, ofRace] = [listener(true), listener(false)];
  const began = Date.now();
  let step = 0;
  let failed = 0;
  const tick = (): void => {
    step += 1;
    for (const line of both) {
      if (random() < 0.02) line.lag(Math.floor(random() * (MOST_LAG + 1)));
      line.tick(step);
    }
  };
  try {
    const feedsFor = (of: typeof ofStandby) =>
      (['primary', 'secondary'] as const).map((line) => of.tapped(line, lines[line].feedOf(line))) as [
        ReturnType<FailingLine['feedOf']>,
        ReturnType<FailingLine['feedOf']>,
      ];
    const fail = new Promise<never>((_, reject) => {
      const options = { promote: { after: PROMOTE_AFTER }, back: { after: backAfter } };
      life.add(standby(...feedsFor(ofStandby), options).subscribe({ next: ofStandby.take, error: reject }));
      life.add(race(...feedsFor(ofRace)).subscribe({ next: ofRace.take, error: reject }));
    });
    const areUp = (): boolean => both.every((line) => !line.isCut() && line.live() === LINKS);
    const ticksWhile = (isGoingOn: (ticks: number) => boolean): Promise<unknown> =>
      Promise.race([fail, lastOf(interval(TICK).pipe(takeWhile(isGoingOn)))]);

    await ticksWhile(() => both.some((line) => line.asked() < LINKS));
    await ticksWhile(() => {
      failed = failures(lines);
      tick();
      return failed < most;
    });
    await ticksWhile(() => (tick(), !areUp()));
    // What was held is emitted, or never will be.
    await ticksWhile((ticks) => (tick(), ticks < SETTLING));
    for (const line of both) {
      line.lag(0);
      line.tick(step);
    }
    await ticksWhile((ticks) => ticks < ARRIVING || (ticks < SETTLING && !(ofStandby.isLevel() && ofRace.isLevel())));
  } finally {
    life.unsubscribe();
    await Promise.all(both.map((line) => line.close()));
  }
  const saidAt = { primary: lines.primary.saidAt, secondary: lines.secondary.saidAt };
  const returns = ofStandby.returns();
  return {
    failures: failed,
    seconds: Math.round((Date.now() - began) / 1_000),
    standby: ofStandby.account(saidAt),
    race: ofRace.account(saidAt),
    returns: returns.length,
    betweenReturns: Math.min(...returns.slice(1).map((at, n) => at - (returns[n] ?? NaN))),
  };
};

/** Ticks in which all comes that was sent, and in which all is emitted that was held. */
const ARRIVING = 20;
const SETTLING = 200;

const lastOf = (ticks$: Observable<number>): Promise<number> => lastValueFrom(ticks$, { defaultValue: 0 });

/** Either line fails at random, sometimes both at once. */
export const failAtRandom = (most: number, seed: number): Promise<Trial> => {
  const random = seeded(seed);
  let failed = 0;
  const left = { primary: 0, secondary: 0 };
  const names = ['primary', 'secondary'] as const;
  const cut = (line: FailingLine): void => {
    failed += 1;
    line.cut(anyCut(random));
  };
  const isUp = (line: FailingLine): boolean => !line.isCut() && line.live() === LINKS;
  return trial(seed, most, (lines) => {
    for (const name of names) {
      const line = lines[name];
      if (!isUp(line)) continue;
      left[name] -= 1;
      if (left[name] > 0) continue;
      left[name] = Math.ceil(random() * (random() < 0.7 ? 30 : 120));
      cut(line);
      const other = lines[name === 'primary' ? 'secondary' : 'primary'];
      if (random() < 0.15 && isUp(other)) cut(other);
    }
    return failed;
  });
};

/** The primary is there for 150 ms, and gone for 150 ms. */
export const flapping = (most: number, backAfter: number): Promise<Trial> => {
  let failed = 0;
  let ticks = 0;
  return trial(
    1,
    most,
    ({ primary }) => {
      ticks += 1;
      if (ticks % 30 === 15) {
        failed += 1;
        primary.cut({ silent: 0, refused: 15, how: 'drop' });
      }
      return failed;
    },
    backAfter,
  );
};
