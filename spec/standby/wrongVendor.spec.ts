import { asyncScheduler, Observable, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { calendars } from '../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Feed } from '../../lib/share/shareFeed.js';
import { standby } from '../../lib/standby/standby.js';
import type { StandbyOptions } from '../../lib/standby/StandbyOptions.js';
import { aTrade } from '../../lib/testing/builders.js';
import { wordOf } from './stage.js';

const MINUTE = 60_000;
const LAST = 25 * MINUTE;

/** The price of the market: it climbs by a hundredth of its first price each minute. */
const priceAt = (time: number): number => 100 + time / MINUTE;

/** A line on which each half second a trade comes; `how` says what of it, if anything. */
const line = (provider: string, how: (now: number) => number | undefined): Feed =>
  new Observable<FeedEvent>((subscriber) => {
    const life = new Subscription();
    const facts = { provider, feed: provider };
    subscriber.next({ ...facts, kind: 'connected', receivedAt: asyncScheduler.now(), attempt: 1, resumed: undefined });
    for (let at = 500; at < LAST; at += 500) {
      const price = how(at);
      if (price === undefined) continue;
      life.add(
        asyncScheduler.schedule(
          () =>
            subscriber.next(aTrade({ ...facts, symbol: '700.HK', time: at, receivedAt: asyncScheduler.now(), price })),
          at,
        ),
      );
    }
    return life;
  });

/** What is heard with a primary of which this is true: when what was said of the lines, and the worst error in a price. */
const heardWith = (how: (now: number) => number | undefined, options: StandbyOptions) => {
  const said: string[] = [];
  let worst = 0;
  let lastAt = 0;
  let silence = 0;
  new TestScheduler(() => undefined).run(({ flush }) => {
    const both = standby(line('wrong', how), line('right', priceAt), options).subscribe((event) => {
      const now = asyncScheduler.now();
      if (event.kind !== 'trade') return said.push(`${now} ${wordOf(event)}`);
      worst = Math.max(worst, Math.abs(event.price / priceAt(now) - 1));
      silence = Math.max(silence, now - lastAt);
      return (lastAt = now);
    });
    asyncScheduler.schedule(() => both.unsubscribe(), LAST);
    flush();
  });
  return { said: said.slice(1), worst: Math.round(worst * 100) / 100, silence: Math.max(silence, LAST - lastAt - 500) };
};

const half = (now: number): number => priceAt(now) / 2;
const late = (now: number): number => priceAt(Math.max(0, now - 20 * MINUTE));
const frozen = (now: number): number | undefined => (now <= 10 * MINUTE ? priceAt(now) : undefined);

const byLink: StandbyOptions = { diverged: { tolerance: 0.02, after: 10_000 } };
const bySilence: StandbyOptions = { ...byLink, promote: { on: 'stale', calendar: calendars.always } };

describe('a primary that is wrong and stays connected', () => {
  it.each([byLink, bySilence])('sends half of each price: it serves on, and that is said after 10 s', (options) => {
    expect(heardWith(half, options)).toEqual({ said: ['10500 wrong diverged'], worst: 0.5, silence: 500 });
  });

  it.each([byLink, bySilence])('is 20 minutes late: that is said once the market has moved by 2 %', (options) => {
    const { said, worst, silence } = heardWith(late, options);
    expect({ said, silence }).toEqual({ said: [expect.stringMatching(/^13\d{4} wrong diverged$/)], silence: 500 });
    expect(worst).toBeCloseTo(0.16, 1);
  });

  it('falls silent: by its link alone it serves on, and nothing comes', () => {
    expect(heardWith(frozen, byLink)).toEqual({ said: [], worst: 0, silence: LAST - 10 * MINUTE - 500 });
  });

  it('falls silent: by its silence the other line serves after 3 s, with all that came meanwhile', () => {
    const { said, worst, silence } = heardWith(frozen, bySilence);
    expect(said).toEqual([`${10 * MINUTE + 3_000} switched to right 700.HK`]);
    expect([worst, silence]).toEqual([0, 3_000]);
  });
});
