import type { Feed } from '../../lib/share/shareFeed.js';
import { race } from '../../lib/standby/race.js';
import { play, type Played } from './stage.js';

type Lines = Parameters<typeof play>[0];

const ofStandby = (lines: Lines): Played => play(lines, { promote: { after: 5 } }, { isSame: true });
const ofRace = (lines: Lines): Played =>
  play(lines, {}, { isSame: true, compose: (a$: Feed, b$: Feed): Feed => race(a$, b$) });

/** The losses and returns that are said, without the letters of what comes meanwhile. */
const linkOf = ({ heard }: Played): readonly string[] => heard.filter((word) => !/ \d$/.test(word));

describe('a line that is gone and back, while the other one is dead or late,', () => {
  it('leaves a hole, which a standby says when that loss is noticed', () => {
    expect(linkOf(ofStandby({ primary: 'cs1--x--cs---4---', secondary: 'c-1-------x------' }))).toEqual([
      '0 primary connected',
      '1 primary subscribed',
      '10 primary disconnected',
      '10 primary connected 2-8',
      // What is served again ends the gap.
      '10 primary subscribed',
      '10 secondary standbyLost',
    ]);
  });

  it('leaves one where the silent one is the line that serves, and is back in time', () => {
    expect(linkOf(ofStandby({ primary: 'c-1-------x-c-4-', secondary: 'c-1-x--c--------' }))).toEqual([
      '0 primary connected',
      '4 secondary standbyLost',
      '12 primary disconnected',
      '12 primary connected 2-7',
    ]);
  });

  it('leaves one that lasts where both are lost after that', () => {
    const lines = { primary: 'c-1---------x---c-4', secondary: 'c-1-x--c-3-x-------' };
    expect(linkOf(ofStandby(lines)).slice(-2)).toEqual(['12 primary disconnected', '16 primary connected 2-16']);
    expect(linkOf(ofRace(lines)).slice(-2)).toEqual(['12 primary disconnected', '16 primary connected 2-16']);
  });

  it('leaves one that lasts, also where the line that is back says a shorter one', () => {
    const lines = { primary: 'c-1---------x-----', secondary: 'c-1-x--c-3-x---b--' };
    expect(linkOf(ofStandby(lines)).slice(-2)).toEqual([
      '15 switched to secondary hole 2-15',
      '15 secondary connected 2-15',
    ]);
    expect(linkOf(ofRace(lines)).slice(-1)).toEqual(['15 primary connected 2-15']);
  });

  it('leaves a hole that a switch names', () => {
    expect(linkOf(ofStandby({ primary: 'c-1-------x-------', secondary: 'c-1-x--c----------' }))).toEqual([
      '0 primary connected',
      '4 secondary standbyLost',
      '15 switched to secondary hole 2-7',
    ]);
  });

  it('leaves one that a race says when that loss is noticed', () => {
    const { events, ...played } = ofRace({ primary: 'cs1--x--cs---4---', secondary: 'cs1-------x------' });
    expect(linkOf({ events, ...played })).toEqual([
      '0 primary connected',
      '1 primary subscribed',
      '10 primary disconnected',
      '10 primary connected 2-8',
      '10 primary subscribed',
    ]);
    expect(events.at(-2)).toMatchObject({ kind: 'subscribed', topics: [{ channel: 'trade' }] });
  });

  it.each([
    ['says the same after that', 'c-1--x--c-2--4---', 'c-1------2--x----'],
    ['says the same after that, and is late', 'c-1--x--c2---4---', 'c-1-------2-x----'],
    ['speaks a second later', 'c-1--x--c 1s ----', 'c-1------ 1s 2x--'],
  ])('leaves none where the other line %s', (_, primary, secondary) => {
    expect(linkOf(ofStandby({ primary, secondary }))).toEqual([
      '0 primary connected',
      expect.stringMatching(/^\d+ secondary standbyLost$/),
    ]);
    expect(linkOf(ofRace({ primary, secondary }))).toEqual(['0 primary connected']);
  });

  it('leaves one where it has spoken, but may be late', () => {
    const lines = { primary: 'c-1--x--c----4---', secondary: 'c-1------2x------' };
    const hole = ['10 primary disconnected', '10 primary connected 2-8'];
    expect(linkOf(ofStandby(lines))).toEqual(['0 primary connected', ...hole, '10 secondary standbyLost']);
    expect(linkOf(ofRace(lines))).toEqual(['0 primary connected', ...hole]);
  });

  it('leaves one that a switch names where it has spoken, but may be late', () => {
    const lines = { primary: 'c-1------2x-------', secondary: 'c-1-x--c----------' };
    expect(linkOf(ofStandby(lines)).slice(-1)).toEqual(['15 switched to secondary hole 2-7']);
  });
});

it('a line that is just back waits also with the first word of a symbol', () => {
  const lines = { primary: 'c-x-c--2------', secondary: 'c--------12---' };
  for (const played of [ofStandby(lines), ofRace(lines)])
    expect(played.heard.slice(1)).toEqual(['9 primary 1', '10 primary 2']);
});

it('what a line has said before it was gone does not show that it is level', () => {
  const lines = { primary: 'c-1-----2-x------', secondary: 'c-12x-c----------' };
  expect(linkOf(ofStandby(lines)).slice(-1)).toEqual(['15 switched to secondary hole 3-6']);
});

it('a race of which one line comes only after the other one is lost says the time between', () => {
  expect(linkOf(ofRace({ primary: 'c-1-x--------', secondary: '-------c-2---' }))).toEqual([
    '0 primary connected',
    '7 primary disconnected',
    '7 primary connected 2-7',
  ]);
});
