import { calendars } from '../../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { boundaryOf, settingsOf, type CountedOptions } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { connected } from '../../share/linkEvents.js';

const newYork = (date: string, hhmm: string): number => Date.parse(`2026-01-${date}T${hhmm}-05:00`);
const at = (time: number, symbol = 'AAPL.US') => aTrade({ symbol, time, receivedAt: time });

/** A builder of bars of two trades whose link is live, what it said, and when it asked to be woken. */
const aBuilder = (options: CountedOptions = {}, startedAt = 0) => {
  const bars: Kline<string>[] = [];
  const asked: (number | 'beat')[] = [];
  const boundary = boundaryOf({ ticks: 2 });
  const settings = settingsOf(boundary, { forming: false, calendar: calendars.us, ...options });
  const builder = klineBuilder(boundary, settings, startedAt, {
    emit: (kline) => bars.push(kline),
    closeAt: (time) => asked.push(time),
    beat: () => asked.push('beat'),
  });
  builder.accept(connected);
  return {
    ...builder,
    accept: (...events: readonly FeedEvent[]) => events.forEach(builder.accept),
    asked,
    /** What it said since it was last asked. */
    heard: () => bars.splice(0).map(({ openTime, trades, coverage }) => [openTime, trades, coverage]),
  };
};

describe('a builder of counted bars', () => {
  it.each([
    ['at the end of its day', '16:30', '09', '10'],
    ['at the end of its next day, where it opened after the last one', '10:00', '10', '12'],
    ['at the end of its next day, where it opened as the last one ended', '00:00', '10', '12'],
  ])('closes a bar by the clock %s', (_, hhmm, opened, due) => {
    const [from, over] = [newYork(opened, hhmm), newYork(due, '00:00')];
    const { accept, closeUntil, heard, asked } = aBuilder({ grace: 3_000 });
    accept(at(from));
    expect(asked).toEqual([over + 3_000]);
    expect([closeUntil(over + 2_999), heard()]).toEqual([over + 3_000, []]);
    expect([closeUntil(over + 3_000), heard()]).toEqual([Infinity, [[from, 1, 1]]]);
  });

  it('says when the first of the bars is due that form', () => {
    const { accept, closeUntil, heard } = aBuilder({ grace: 0 });
    accept(at(newYork('06', '10:00')), at(newYork('05', '10:00'), 'MSFT.US'), at(newYork('06', '11:00'), 'GOOG.US'));
    expect(closeUntil(0)).toBe(newYork('06', '00:00'));
    expect(closeUntil(newYork('06', '00:00'))).toBe(newYork('07', '00:00'));
    expect(heard()).toEqual([[newYork('05', '10:00'), 1, 1]]);
  });

  it('asks for one beat, however much changes before it, and for another one after it', () => {
    const { accept, beat, heard, asked } = aBuilder({ forming: 1_000 });
    const [open, next] = [newYork('05', '10:00'), newYork('05', '10:01')];
    accept(at(open), at(open, 'MSFT.US'), at(next), at(next));
    expect(asked.filter((what) => what === 'beat')).toHaveLength(2);
    expect(heard()).toEqual([[open, 2, 1]]);
    beat();
    beat();
    expect(heard()).toEqual([
      [next, 1, 1],
      [open, 1, 1],
    ]);
    accept(at(next, 'GOOG.US'));
    expect(asked.filter((what) => what === 'beat')).toHaveLength(3);
  });

  it('heard nothing before it was made, by what comes in that very millisecond', () => {
    const [open, made] = [newYork('05', '10:00'), newYork('05', '10:00:30')];
    const { accept, heard } = aBuilder({}, made);
    accept(at(open), { ...at(newYork('05', '10:01') - 1), receivedAt: made });
    expect(heard()).toEqual([[open, 2, 0.5]]);
  });

  it('covers all the time of a bar that ends with the millisecond in which trading begins', () => {
    const [from, to] = [newYork('05', '09:26'), newYork('05', '09:30')];
    const resumed = { from: newYork('05', '09:27'), to: newYork('05', '09:28') };
    const { accept, heard } = aBuilder();
    accept(at(from), { ...connected, receivedAt: resumed.to, resumed }, at(to - 1));
    expect(heard()).toEqual([[from, 2, 0.75]]);
  });
});
