import { Subject } from 'rxjs';
import { calendars } from '../../lib/model/calendar/calendars.js';
import { InvalidOption } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { standby } from '../../lib/standby/standby.js';
import { aTrade } from '../../lib/testing/builders.js';
import { play, SYMBOL } from './stage.js';

const after5 = { promote: { on: 'disconnected', after: 5 } } as const;

describe('a hot standby of two vendors', () => {
  it('serves the primary and nothing of the other one', () => {
    const { heard } = play({ primary: 'c-1-2-|', secondary: 'cs-3-4-' }, after5);
    expect(heard.slice(0, 3)).toEqual(['0 primary connected', '2 primary 1', '4 primary 2']);
  });

  it('hands the feed over when the link is lost for long enough, with what came meanwhile and no hole', () => {
    const { heard, events } = play({ primary: 'c-1-x-----------', secondary: 'cr345678---9----' }, after5);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '9 switched to secondary',
      '9 secondary refused',
      // Of 2 on, when the primary was last heard.
      ...['3', '4', '5', '6', '7', '8'].slice(0).map((price) => `9 secondary ${price}`),
      '11 secondary 9',
    ]);
    expect(events[2]).toMatchObject({
      from: 'primary',
      to: 'secondary',
      symbols: 'all',
      left: 'primary',
      cause: { _tag: 'ConnectionLost', code: 1006 },
    });
  });

  it.each([
    ['fails', '--x----x----x---x---'],
    ['says nothing', '--------------------'],
  ])('serves the secondary where the primary never comes, and %s', (_, primary) => {
    const { heard } = play({ primary, secondary: 'c-1-2-3-4-' }, after5);
    expect(heard).toEqual([
      '5 switched to secondary',
      '5 secondary connected',
      // Of the beginning on, as nothing was served.
      ...['5 secondary 1', '5 secondary 2', '6 secondary 3', '8 secondary 4'],
    ]);
  });

  it('says a loss once: by the switch, and not again when an attempt fails', () => {
    const { heard } = play({ primary: 'c-1-x-----x----x-c--x', secondary: 'c---2-------3--------' }, after5);
    expect(heard.slice(2)).toEqual([
      '9 switched to secondary',
      '9 secondary 2',
      '12 secondary 3',
      // Of a link that had come back.
      '20 primary standbyLost',
    ]);
  });

  it('names the hole that neither had', () => {
    const { heard } = play({ primary: 'c-1-x-----------', secondary: '-------c-3--4---' }, after5);
    expect(heard.slice(2)).toEqual(['9 switched to secondary hole 2-7', '9 secondary 3', '12 secondary 4']);
  });

  it('leaves a shorter cut the gap it is', () => {
    const { heard } = play({ primary: 'c-1-x--c-2-', secondary: 'c--3-4-5-6-' }, after5);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '7 primary disconnected',
      '7 primary connected 2-7',
      '9 primary 2',
    ]);
  });

  it('goes back when the primary was fresh for long enough, and not by less', () => {
    const { heard } = play(
      { primary: 'c-1-x------c-2-x-c-3-4--------5-', secondary: 'c--1-----2--3--4-5-6-7-8-9-1--2-' },
      { promote: { after: 2 }, back: { after: 8 } },
    );
    expect(heard.filter((word) => word.includes('switched'))).toEqual([
      '6 switched to secondary',
      '25 switched to primary',
    ]);
    expect(heard.at(-1)).toBe('30 primary 5');
  });

  it('never goes back with `never`, unless the secondary fails', () => {
    const { heard } = play(
      { primary: 'c-1-x---c-2----3----4-', secondary: 'c--1-----2----x-------' },
      { promote: { after: 2 }, back: 'never' },
    );
    expect(heard.slice(2)).toEqual([
      '6 switched to secondary',
      '9 secondary 2',
      '16 switched to primary',
      '16 primary 3',
      '20 primary 4',
    ]);
  });

  it('makes at most one switch back in that time, however the primary flaps', () => {
    const flap = 'c1x'.repeat(1) + '--'.repeat(2);
    const { heard } = play(
      { primary: flap.repeat(20), secondary: 'c' + '-2-3'.repeat(40) },
      { promote: { after: 3 }, back: { after: 50 } },
    );
    expect(heard.filter((word) => word.includes('switched'))).toHaveLength(1);
  });

  it('says the loss of the line that does not serve, once for each', () => {
    const { heard } = play({ primary: 'c-1----2----3', secondary: 'c-x-x-c-x----' }, after5);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '2 secondary standbyLost',
      '7 primary 2',
      '8 secondary standbyLost',
      '12 primary 3',
    ]);
  });

  it('says one loss and one return of both', () => {
    const { heard } = play({ primary: 'c-1-x-x-x-c-2-', secondary: 'c--3-x-x------' }, after5);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '5 primary disconnected',
      '10 primary connected 2-10',
      '12 primary 2',
    ]);
  });

  it('goes on with the first that is back', () => {
    const { heard } = play({ primary: 'c-1-x-x-x-----', secondary: 'c--3-x-x--c-4-' }, after5);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '5 primary disconnected',
      '10 switched to secondary hole 2-10',
      '10 secondary connected 2-10',
      '12 secondary 4',
    ]);
  });

  it('goes on with the other line when one fails, at once', () => {
    const { heard } = play({ primary: 'c-1-#', secondary: 'c--3-4-5-' }, after5, { error: new Error('gone') });
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '4 switched to secondary',
      '4 secondary 3',
      '5 secondary 4',
      '7 secondary 5',
    ]);
  });

  it('says that the secondary has failed, and fails after both', () => {
    const { heard } = play({ primary: 'c-1---#', secondary: 'c-#' }, after5, { error: new Error('gone') });
    expect(heard).toEqual(['0 primary connected', '2 primary 1', '2 secondary standbyLost', '6 failed Error: gone']);
  });

  it('completes after both', () => {
    const { heard } = play({ primary: 'c-1|', secondary: 'c-2-3|' }, after5);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '3 switched to secondary',
      '3 secondary 2',
      '4 secondary 3',
      '5 completed',
    ]);
  });

  it('gives the book of the line that takes over', () => {
    const { heard } = play({ primary: 'c1--x-------', secondary: 'cd-2---------' }, after5);
    expect(heard.slice(2)).toEqual(['9 switched to secondary', '9 secondary 2', '9 secondary depth 1']);
  });
});

describe('a hot standby of one provider', () => {
  const same = { isSame: true };

  it('fills a short cut from the other line, and says nothing', () => {
    const { heard } = play({ primary: 'c12-x---c-5-6-7', secondary: 'c-12-3-4---567-' }, after5, same);
    expect(heard.map((word) => word.slice(word.indexOf(' ') + 1))).toEqual([
      'primary connected',
      ...['1', '2', '3', '4', '5', '6', '7'].map((price) => `primary ${price}`),
    ]);
  });

  it('loses and doubles nothing at a switch, whichever line is ahead', () => {
    const ahead = play({ primary: 'c1--x---------', secondary: 'c-1234-----56-' }, after5, same);
    expect(ahead.heard.map((word) => word.slice(word.indexOf(' ') + 1))).toEqual([
      'primary connected',
      'primary 1',
      'switched to secondary',
      ...['2', '3', '4', '5', '6'].map((price) => `secondary ${price}`),
    ]);
    const behind = play({ primary: 'c123x----------', secondary: 'c--1---2-----34' }, after5, same);
    expect(behind.heard.map((word) => word.slice(word.indexOf(' ') + 1))).toEqual([
      'primary connected',
      ...['1', '2', '3'].map((price) => `primary ${price}`),
      'switched to secondary',
      'secondary 4',
    ]);
  });

  const backAfter5 = { promote: { after: 3 }, back: { after: 5 } };

  it('gives the book as it was served, where the line that takes over is behind', () => {
    // The primary is back at 8 and has said the first book only, when it takes over at 14.
    const { heard } = play(
      { primary: 'cd-x----bd--------e---', secondary: 'cd---------e----------' },
      backAfter5,
      same,
    );
    expect(heard.filter((word) => /switched|depth/.test(word))).toEqual([
      '1 primary depth 1',
      '6 switched to secondary',
      '6 secondary depth 1',
      '11 secondary depth 2',
      '13 switched to primary',
      '13 primary depth 2',
    ]);
  });

  it('gives no book of which the line that takes over has not spoken', () => {
    const { heard } = play({ primary: 'cd1x--------', secondary: 'c-1---------' }, after5, same);
    expect(heard.filter((word) => /switched|depth/.test(word))).toEqual([
      '1 primary depth 1',
      '8 switched to secondary',
    ]);
  });

  it('gives a book that was served before the other line came, with its updates since', () => {
    const { heard } = play({ primary: 'cd--u---x--------', secondary: '---c-u-----------' }, after5, same);
    expect(heard.filter((word) => /switched|depth|update/.test(word))).toEqual([
      '1 primary depth 1',
      '4 primary update 3',
      '13 switched to secondary',
      '13 secondary depth 3 1',
    ]);
  });

  it('has a hole only where neither was there', () => {
    const { heard } = play({ primary: 'c1-x---x-c--4-', secondary: 'c-12-x--------' }, after5, same);
    expect(heard).toEqual([
      '0 primary connected',
      '1 primary 1',
      '5 primary 2',
      '5 primary disconnected',
      '9 primary connected 3-9',
      '12 primary 4',
    ]);
  });
});

describe('a cold standby', () => {
  const cold = { ...after5, mode: 'cold', back: { after: 6 } } as const;

  it('connects the secondary when it is needed, names the hole, and closes it afterwards', () => {
    const { heard, subscriptions } = play(
      { primary: 'c-1-x--------c-2----3--4---', secondary: '--cs-7-8-9-1-2-3' },
      cold,
    );
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '11 switched to secondary hole 2-11',
      '12 secondary subscribed',
      '14 secondary 7',
      '16 secondary 8',
      '18 secondary 9',
      '19 switched to primary',
      '20 primary 3',
      '23 primary 4',
    ]);
    expect(subscriptions).toEqual({ primary: 1, secondary: 1 });
  });

  it('says the gap where the primary is back before', () => {
    const { heard } = play({ primary: 'c-1-x------c-2--', secondary: '-----c-7' }, cold);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '11 primary disconnected',
      '11 primary connected 2-11',
      '13 primary 2',
    ]);
  });

  it('is lost where neither connects', () => {
    const { heard } = play({ primary: 'c-1-x------------c-2', secondary: '--x--x' }, cold);
    expect(heard).toEqual([
      '0 primary connected',
      '2 primary 1',
      '11 primary disconnected',
      '17 primary connected 2-17',
      '19 primary 2',
    ]);
  });
});

describe('a standby by silence', () => {
  const by = (back: number) =>
    ({ promote: { on: 'stale', after: 5, calendar: calendars.always }, back: { after: back } }) as const;
  /** Without the other symbol, of which both lines speak. */
  const ofOne = (heard: readonly string[]): readonly string[] => heard.filter((word) => !/ 10\d$/.test(word));

  it('hands over the symbol that is silent and of which the other line speaks, and gives it back when it is fresh', () => {
    const { heard, events } = play(
      { primary: 'cA-1-A-A-A-A-A-A-A-2-A-3-A-4-A-5-A-6-A-7', secondary: 'cA-1---2---3-A---4---5---6---7---8---9--' },
      by(10),
    );
    expect(ofOne(heard)).toEqual([
      '0 primary connected',
      '3 primary 1',
      `8 switched to secondary ${SYMBOL}`,
      '8 secondary 2',
      '11 secondary 3',
      '17 secondary 4',
      '21 secondary 5',
      '25 secondary 6',
      '29 secondary 7',
      `29 switched to primary ${SYMBOL}`,
      '31 primary 5',
      '35 primary 6',
      '39 primary 7',
    ]);
    expect(events.find(({ kind }) => kind === 'switched')).toMatchObject({ cause: { _tag: 'Stale' } });
    // The other symbol was the primary's all along.
    expect(heard.filter((word) => /secondary 10\d$/.test(word))).toEqual([]);
  });

  it('leaves a symbol that is silent on both lines, until one speaks', () => {
    const { heard } = play({ primary: 'cA-1-A-A-A-A-A-A-A-A-', secondary: 'cA-1---------2-------' }, by(10));
    expect(ofOne(heard)).toEqual([
      '0 primary connected',
      '3 primary 1',
      // The primary had the time to say it too.
      `14 switched to secondary ${SYMBOL}`,
      '14 secondary 2',
    ]);
  });

  it.each([
    ['secondary', 0, 2],
    ['primary', 2, 0],
  ])(
    'leaves a symbol that trades seldom where it is, though the %s says it a little later',
    (_, primary, secondary) => {
      const line = (lag: number): string =>
        Array.from({ length: 200 }, (_, at) =>
          at === 0 ? 'c' : (at - lag) % 20 === 5 ? '1' : at % 4 === 0 ? 'A' : '-',
        ).join('');
      const promote = { on: 'stale', after: 9, calendar: calendars.always } as const;
      const { heard } = play({ primary: line(primary), secondary: line(secondary) }, { promote });
      expect(heard.filter((word) => / primary 1$/.test(word))).toHaveLength(10);
      expect(heard.filter((word) => word.includes('switched'))).toEqual([]);
    },
  );

  it('leaves all where they are when the other line is the first to speak after a silence of both', () => {
    const pause = '-'.repeat(40);
    const { heard } = play(
      { primary: `cA1${pause}--A1-A-1`, secondary: `cA1${pause}A1-A-1-` },
      { promote: { on: 'stale', after: 9, calendar: calendars.always } },
    );
    expect(heard.filter((word) => word.includes('switched'))).toEqual([]);
  });

  it('hands over all where nothing comes over a link that is there', () => {
    const { heard } = play({ primary: 'cA1--l--l--l--l--l', secondary: 'cA1--2-B-3-C-4-D-5' }, by(100));
    expect(heard).toEqual([
      '0 primary connected',
      '1 primary 100',
      '2 primary 1',
      '5 primary latency',
      '7 switched to secondary',
      '7 secondary 2',
      '7 secondary 101',
      '9 secondary 3',
      '11 secondary 102',
      '13 secondary 4',
      '15 secondary 103',
      '17 secondary 5',
    ]);
  });

  it('counts a lost link too', () => {
    const { heard } = play({ primary: 'cA1-x------', secondary: 'cA1--2-B-3-' }, by(100));
    expect(heard.filter((word) => word.includes('switched'))).toEqual(['9 switched to secondary']);
  });

  it('gives a symbol back at once when the line that serves it is lost', () => {
    const { heard } = play({ primary: 'cA-1-A-A-A-A-A-A-A-A-2-A-', secondary: 'cA-1---2---3-x-----------' }, by(100));
    expect(ofOne(heard).slice(2)).toEqual([
      `8 switched to secondary ${SYMBOL}`,
      '8 secondary 2',
      '11 secondary 3',
      `13 switched to primary ${SYMBOL}`,
      '13 secondary standbyLost',
      '21 primary 2',
    ]);
  });

  it('connects a cold secondary for it, and closes it again', () => {
    const { heard } = play(
      { primary: 'cA-1-A-A-A-A-A-A-A-2-A-3-A-4-A-5-A-6-A', secondary: 'c-2---3---4---5--6--7' },
      { ...by(8), mode: 'cold' },
    );
    expect(ofOne(heard).slice(2, 11)).toEqual([
      `11 switched to secondary ${SYMBOL} hole 3-8`,
      '11 secondary 2',
      '14 secondary 3',
      '18 secondary 4',
      '22 secondary 5',
      '25 secondary 6',
      `27 switched to primary ${SYMBOL}`,
      '31 primary 5',
      '35 primary 6',
    ]);
  });
});

describe('a hot standby that compares', () => {
  it('says once that the lines disagree, for as long as they do', () => {
    const diverged = { tolerance: 0.2, after: 6 };
    const { events } = play(
      { primary: 'c8-8-8-8-8-8-4-8-8-8-8-8-8', secondary: 'c-4-4-4-4-4-4-4-4-4-4-4-4-' },
      { ...after5, diverged },
    );
    const said = events.filter(({ kind }) => kind === 'diverged');
    expect(said).toMatchObject([
      { symbol: SYMBOL, prices: { primary: 8, secondary: 4 }, for: 6, provider: 'primary' },
      { symbol: SYMBOL, prices: { primary: 8, secondary: 4 }, for: 6 },
    ]);
  });

  it('says nothing of a line that does not speak', () => {
    const diverged = { tolerance: 0.2, after: 6 };
    const { events } = play({ primary: 'c8-8-8-8-8-8', secondary: 'c4----------' }, { ...after5, diverged });
    expect(events.filter(({ kind }) => kind === 'diverged')).toEqual([]);
  });
});

describe('a standby', () => {
  it('leaves both lines when its subscriber does, also inside a next', () => {
    const [a, b] = [new Subject<FeedEvent>(), new Subject<FeedEvent>()];
    const heard: unknown[] = [];
    const serving = standby(a, b).subscribe((event) => {
      heard.push(event);
      serving.unsubscribe();
    });
    a.next(aTrade());
    expect([heard.length, a.observed, b.observed]).toEqual([1, false, false]);
  });

  it.each([
    [{ promote: { after: 0 } }, 'promote.after'],
    [{ promote: { on: 'silent' } }, 'promote.on'],
    [{ mode: 'warm' }, 'mode'],
    [{ back: { after: -1 } }, 'back.after'],
    [{ back: 'soon' }, 'back.after'],
    [{ diverged: { tolerance: 2, after: 5 } }, 'diverged.tolerance'],
    [{ diverged: { tolerance: 0.1, after: 0 } }, 'diverged.after'],
    [{ mode: 'cold', diverged: { tolerance: 0.1, after: 5 } }, 'diverged'],
  ])('refuses %j', (options, option) => {
    const make = () => standby(new Subject(), new Subject(), options as object);
    expect(make).toThrow(InvalidOption);
    expect(make).toThrow(option);
  });
});
