import { lastValueFrom, toArray } from 'rxjs';
import { itickHistory } from '../../../lib/providers/itick/index.js';
import { tickflowHistory } from '../../../lib/providers/tickflow/index.js';
import { createItickRest } from '../../../lib/simulator/itick/itickRest.js';
import { itickDefaults } from '../../../lib/simulator/itick/rules.js';
import { createMarket } from '../../../lib/simulator/market/market.js';
import { tickflowDefaults } from '../../../lib/simulator/tickflow/rules.js';
import { createTickflowRest } from '../../../lib/simulator/tickflow/tickflowRest.js';
import { asking, closeAll, MINUTE, START } from './asking.js';
import { restFetch } from './restFetch.js';

afterEach(closeAll);

const market = createMarket({ seed: 1, symbols: ['600000.SH'], unknown: [], start: START, sessions: false });
const query = { interval: '1m', symbols: ['600000.SH'], from: START - 700 * MINUTE, to: START } as const;
const budget = { calls: 1_000, per: 1_000 };

const truth = market.bars(market.find('600000.SH')!, { length: '1m', ...query, most: Infinity });

describe('the histories of the library, and the REST of the simulator', () => {
  it.each([
    ['over loopback', undefined],
    ['without a socket', true],
  ])('agree: every bar, once, in the units of each vendor, %s', async (_, virtual) => {
    const { simulator } = await asking({ symbols: ['600000.SH'] });
    const rests = [createItickRest(market, itickDefaults), createTickflowRest(market, tickflowDefaults)] as const;
    const by = (at: 0 | 1) => ({ url: simulator.restUrl, budget, ...(virtual && { fetch: restFetch(rests[at]) }) });
    const histories = [
      itickHistory({ token: 'demo', market: 'stock', ...by(0) }),
      tickflowHistory({ apiKey: 'demo', ...by(1) }),
    ];
    for (const [at, history] of histories.entries()) {
      const bars = await lastValueFrom(history.klines(query).pipe(toArray()));
      const shown = bars.map(({ openTime, open, high, low, close, volume, turnover }) => ({
        ...{ openTime, open, high, low, close, turnover },
        volume: at === 0 ? volume : volume * 100,
      }));
      expect(shown).toEqual(truth);
    }
    expect(virtual ? rests[0].control.calls : simulator.itick.rest.calls).toBeGreaterThan(1);
  });
});
