import { itickFrames } from '../../../lib/simulator/itick/frames.js';
import { itickDefaults } from '../../../lib/simulator/itick/rules.js';
import { hours, phaseAt, type MarketHours } from '../../../lib/simulator/market/hours.js';
import type { Instrument } from '../../../lib/simulator/market/instrument.js';
import { createMarket } from '../../../lib/simulator/market/market.js';
import { depthItem, quoteItem } from '../../../lib/simulator/tickflow/items.js';
import { scriptedVendor } from '../../../lib/testing/server/scriptedVendor.js';
import type { ScriptedVendor } from '../../../lib/testing/server/Dialect.js';

/** A market and the vendor that sells it, on a fake network, at the pace of whoever steps it. */
export interface DayVendor {
  readonly vendor: ScriptedVendor;
  /** Lives through a beat of the market, and says what is new. */
  readonly beat: (now: number) => void;
}

/** Milliseconds between two beats. */
export const BEAT = 100;

const SECOND = 1_000;
/** Shanghai and Hong Kong both. */
const OFFSET = 8 * 3_600_000;

/** The instruments of the simulator, each with a life of its own. */
const listed = (symbols: readonly string[], start: number): readonly Instrument[] => {
  const market = createMarket({ seed: 7, symbols, unknown: [], start, sessions: true });
  return symbols.map((symbol) => market.find(symbol)!);
};

const phase = (open: MarketHours, now: number) => phaseAt(open, now + OFFSET);

/** Whether somebody is there who has asked for something. */
const isAudience = ({ live, connections }: ScriptedVendor): boolean =>
  live > 0 && (connections.at(-1)?.received.some((text) => text.includes('subscribe')) ?? false);

/** Hong Kong, from iTick: each symbol has a moment in each second, and its executions and its quote are said then. */
export const hongKong = (symbols: readonly string[], start: number, token: string): DayVendor => {
  const vendor = scriptedVendor('itick', { token, echoToken: true });
  const frames = itickFrames({ ...itickDefaults });
  const instruments = listed(symbols, start);
  return {
    vendor,
    beat: (now) => {
      const from = Math.floor(((now % SECOND) / SECOND) * instruments.length);
      const to = Math.floor((((now % SECOND) + BEAT) / SECOND) * instruments.length);
      const listening = isAudience(vendor);
      for (const instrument of instruments.slice(from, to)) {
        const change = instrument.step(now, phase(hours.hk, now));
        if (!change?.quoted || !listening) continue;
        for (const execution of change.executions) vendor.say(frames.tick(instrument, execution));
        vendor.say(frames.quote(instrument));
      }
    },
  };
};

/** Mainland China, from TickFlow: a snapshot of all that changed each three seconds, as its exchanges do. */
export const mainland = (symbols: readonly string[], start: number, apiKey: string): DayVendor => {
  const vendor = scriptedVendor('tickflow', { apiKey });
  const instruments = listed(symbols, start);
  const say = (op: string, items: readonly string[]): void => {
    if (items.length > 0) vendor.say(`{"op":"${op}","data":[${items.join(',')}]}`);
  };
  return {
    vendor,
    beat: (now) => {
      if (now % (3 * SECOND) !== 500) return;
      const changes = instruments.flatMap((instrument) => instrument.step(now, phase(hours.cn, now)) ?? []);
      if (!isAudience(vendor)) return;
      const items = (what: 'quoted' | 'booked', item: (instrument: Instrument) => string): readonly string[] =>
        changes.filter((change) => change[what]).map(({ instrument }) => item(instrument));
      say(
        'quotes',
        items('quoted', (instrument) => quoteItem(instrument, false)),
      );
      say('depth', items('booked', depthItem));
    },
  };
};
