import type { Capabilities } from '../../model/capabilities.js';
import type { Depth, MarketEvent, Quote, Trade } from '../../model/marketEvent.js';
import { minus } from '../../model/exact.js';
import { previousOf, stepOf } from '../../model/sequence.js';
import { closeHole, loseEvents, loseTrades, loseVolume, openHole, unitOf, type Holes, type OpenHole } from './holes.js';

/** What the data of one topic have shown so far; changed in place. Times are trading time, in milliseconds. */
export interface Shown {
  /** Until when data show that nothing is missing; NaN before any did. */
  proved: number;
  /** The last id, or the last number of a book. */
  number: number;
  /** How many ids have gone up by one in a row. */
  run: number;
  figure: number | undefined;
  /** How many events of the feed had not been looked at when it was last heard. */
  unlooked: number;
  /** The hole whose size its next data may tell, and how much trading time it lost in it. */
  hole: OpenHole | undefined;
  holeTime: number;
}

/** Trading time that data show to be whole, and that a hole is known in. */
export interface Shares {
  clean: number;
  lost: number;
}

interface EvidenceSettings {
  readonly provider: string;
  readonly feed: string;
  readonly holes: Holes;
  /** What the vendor's data show by channel; undefined where that is not known. */
  readonly channels: Capabilities['channels'] | undefined;
  readonly shares: Shares;
}

/** Looks at data of a topic, at a moment of its trading time. `unlooked` is how many were not looked at so far. */
export type Check = (shown: Shown, event: MarketEvent, now: number, unlooked: number) => void;

/** So many ids that go up by one prove, where a vendor is not known, that they all do. */
const ENOUGH = 16;

/** Keeps account of what the data show to be there, and of what is missing. */
export const evidenceOf = ({ provider, feed, holes, channels, shares }: EvidenceSettings): Check => {
  /** Nothing is missing since data last showed that. Never back, or time would be counted twice. */
  const prove = (shown: Shown, now: number): void => {
    const { proved } = shown;
    if (now <= proved) return;
    if (now > proved) shares.clean += now - proved;
    shown.proved = now;
  };

  /** Numbers are missing in a live link, somewhere since data last showed that nothing is. */
  const lack = (shown: Shown, { symbol, receivedAt }: MarketEvent, now: number): OpenHole => {
    const time = now > shown.proved ? now - shown.proved : 0;
    const hole = openHole(holes, { provider, feed, symbol, from: receivedAt - time, cause: 'MissingNumbers' });
    closeHole(holes, hole, receivedAt);
    shares.lost += time;
    shown.holeTime = time;
    shown.proved = now;
    return hole;
  };

  const takeId = (shown: Shown, event: Trade, now: number): void => {
    const { id } = event;
    const { number, hole } = shown;
    // One of a history, or repeated.
    if (id === undefined || id <= number) return;
    const isNext = id === number + 1;
    const isBelieved = channels !== undefined || shown.run >= ENOUGH;
    shown.number = id;
    shown.run = isNext ? shown.run + 1 : isBelieved ? shown.run : 0;
    if (!isBelieved) return;
    shown.hole = undefined;
    if (hole) hole.awaited -= 1;
    if (!isNext && id > number) {
      const found = hole ?? lack(shown, event, now);
      const ids = { first: number + 1, last: id - 1 };
      loseTrades(holes, found, { symbol: event.symbol, ids, time: shown.holeTime });
    }
    prove(shown, now);
  };

  const takeSequence = (shown: Shown, event: Depth, now: number): void => {
    const { sequence, type } = event;
    if (!sequence) return;
    const { number } = shown;
    shown.number = sequence.last;
    shown.hole = undefined;
    if (type === 'update' && !Number.isNaN(number) && stepOf(sequence, number) === 'hole')
      loseEvents(holes, lack(shown, event, now), Math.max(1, previousOf(sequence) - number));
    prove(shown, now);
  };

  const takeFigure = (shown: Shown, event: Trade | Quote, now: number, unlooked: number): void => {
    const { volume, symbol, sizeUnit } = event;
    if (volume === undefined) return;
    const { figure, hole } = shown;
    shown.figure = volume;
    shown.hole = undefined;
    // Where events were not looked at, the last figure before the hole is not known.
    if (hole && figure !== undefined && shown.unlooked === unlooked) {
      // One that fell has begun anew, with a day.
      loseVolume(holes, hole, symbol, volume < figure ? volume : minus(volume, figure), unitOf(sizeUnit));
    }
    prove(shown, now);
  };

  return (shown, event, now, unlooked) => {
    switch (event.kind) {
      case 'trade': {
        const of = channels ? channels.trade : event.id === undefined ? 'figures' : 'ids';
        if (of === 'ids') takeId(shown, event, now);
        else if (of === 'figures') takeFigure(shown, event, now, unlooked);
        return;
      }
      case 'quote':
        if (!channels || channels.quote === 'figures') takeFigure(shown, event, now, unlooked);
        return;
      case 'depth':
        if (!channels || channels.depth === 'sequence') takeSequence(shown, event, now);
    }
  };
};
