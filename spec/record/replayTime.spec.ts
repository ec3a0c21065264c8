import { interval, switchMap, take, timer } from 'rxjs';
import { replayClock } from '../../lib/record/replayTime.js';

describe('replayClock', () => {
  it('runs timers in the order of their times, those of one time as they were set, each at its time', () => {
    const clock = replayClock(100);
    const ran: string[] = [];
    const set = (name: string, wait?: number): void =>
      void clock.schedule(() => ran.push(`${name} ${clock.now()}`), wait);
    set('b', 20);
    set('a', 10);
    set('c', 20);
    set('soon');
    set('past', -5);
    set('never', Infinity);
    expect(clock.due()).toBe(100);
    clock.runTo(119);
    expect(ran).toEqual(['soon 100', 'past 100', 'a 110']);
    expect([clock.now(), clock.due()]).toEqual([119, 120]);
    clock.runTo(500);
    expect(ran.slice(3)).toEqual(['b 120', 'c 120']);
    expect([clock.now(), clock.due()]).toEqual([500, Infinity]);
  });

  it('runs what timers set while it runs, and never goes back', () => {
    const clock = replayClock(0);
    const seen: number[] = [];
    timer(5, clock)
      .pipe(
        switchMap(() => interval(10, clock)),
        take(3),
      )
      .subscribe(() => seen.push(clock.now()));
    clock.runTo(40);
    clock.runTo(20);
    expect(seen).toEqual([15, 25, 35]);
    expect([clock.now(), clock.due()]).toEqual([40, Infinity]);
  });

  it('forgets a timer that is stopped, and one that is set again', () => {
    const clock = replayClock(0);
    const ran: unknown[] = [];
    const stopped = clock.schedule(() => ran.push('stopped'), 5);
    const action = clock.schedule<string>((state) => ran.push(state), 5, 'first');
    (action as unknown as { schedule: (state: string, wait: number) => void }).schedule('again', 8);
    stopped.unsubscribe();
    stopped.unsubscribe();
    expect(clock.due()).toBe(8);
    clock.runTo(10);
    action.unsubscribe();
    (action as unknown as { schedule: (state: string) => void }).schedule('after its end');
    expect([ran, clock.due()]).toEqual([['again'], Infinity]);
  });

  it('repeats a timer any number of times at constant cost', () => {
    const clock = replayClock(0);
    let beats = 0;
    const beating = interval(1, clock).subscribe(() => (beats += 1));
    clock.runTo(100_000);
    expect(() => beating.unsubscribe()).not.toThrow();
    expect(beats).toBe(100_000);
  });
});
