import { trades } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { memorySink, replay, type Cassette, type FeedConnection } from '../../lib/record/index.js';
import { itickFrames } from '../../lib/simulator/itick/frames.js';
import { itickDefaults } from '../../lib/simulator/itick/rules.js';
import { createMarket } from '../../lib/simulator/market/market.js';
import { marbles } from '../../lib/testing/marbles.js';
import { scriptedVendor } from '../../lib/testing/server/scriptedVendor.js';
import { recordVirtually } from '../record/day/recordVirtually.js';
import { isEventful, keepsItsPromises, observation, type Observation } from './maCross.js';

const SECOND = 1_000;
const START = Date.UTC(2026, 0, 5);
const HOURS = 2;
const symbols = ['BTCUSDT.BA', 'ETHUSDT.BA'];

/** The strategy on the feed, live or from the tape. */
const watched = (connection: FeedConnection) =>
  observation(
    itick({ token: 'demo', market: 'crypto', topics: trades(...symbols), backoff: () => 5 * SECOND, ...connection }),
  );

/** Two hours of the simulated market, which says what is new each five seconds, and drops everybody now and then. */
const recorded = async (): Promise<{ readonly live: Observation; readonly cassette: Cassette }> => {
  const vendor = scriptedVendor('itick');
  const market = createMarket({ seed: 4, symbols, unknown: [], start: START, sessions: true });
  const instruments = symbols.map((symbol) => market.find(symbol)!);
  const { tick } = itickFrames(itickDefaults);
  const sink = memorySink();
  let live: Observation | undefined;
  const scene = {
    from: START,
    to: START + HOURS * 3_600 * SECOND,
    every: 5 * SECOND,
    openSocket: vendor.openSocket,
    beat: (now: number): void => {
      for (const instrument of instruments) {
        for (const execution of instrument.step(now, 'regular')?.executions ?? [])
          vendor.say(tick(instrument, execution));
      }
      if ((now - START) % (2_000 * SECOND) === 0) vendor.drop();
    },
  };
  await recordVirtually(scene, watched, sink, (so) => (live = so));
  return { live: live!, cassette: sink.cassette() };
};

/** What the tape has it do, in virtual time. */
const seenOn = (cassette: Cassette): Observation => {
  let seen: Observation | undefined;
  marbles(() => {
    replay(cassette, watched).subscribe((so) => (seen = so));
  })();
  return seen!;
};

describe('the moving-average cross, on a cassette in virtual time', () => {
  it('keeps its promises on a market that drops the link, and does what it did live', async () => {
    const { live, cassette } = await recorded();
    const seen = seenOn(cassette);
    keepsItsPromises(seen);
    isEventful(seen);
    expect(JSON.stringify(seen)).toBe(JSON.stringify(live));
  });
});
