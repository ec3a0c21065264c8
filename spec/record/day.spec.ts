import { lastValueFrom, tap } from 'rxjs';
import { fileSink, readCassette, replay } from '../../lib/record/index.js';
import { SECRET } from '../secrets/secret.cjs';
import { digesting } from './day/digest.js';
import { outagesOver } from './day/outages.js';
import { dayOf, recordDay, type TradingDay } from './day/tradingDay.js';
import { aFolder } from './files/aFolder.js';

const path = aFolder();

describe('a trading day on tape', () => {
  it('has the same bars and gaps when it is replayed as fast as possible', async () => {
    const from = Date.UTC(2026, 2, 2, 1, 55);
    const minutes = 12;
    const span = minutes * 60_000;
    const [dropped, , both] = outagesOver(span);
    const day: TradingDay = { from, to: from + span, symbols: 10, outages: [dropped!, both!] };
    const sink = fileSink(path('day.ndjson.gz'));
    const live = digesting();
    await recordDay(day, SECRET, sink, live.take);

    const again = digesting();
    const replayed$ = replay(readCassette(path('day.ndjson.gz')), dayOf(day), { speed: Infinity });
    await lastValueFrom(replayed$.pipe(tap(again.take)));

    expect(sink.stats().lost).toBe(0);
    expect(again.digest()).toEqual(live.digest());
    expect(live.digest().gaps).toBe(3);
    expect(live.digest().klines).toBeGreaterThan(20 * (minutes - 3));
    expect(live.digest().partial).toBeGreaterThan(20);
  }, 90_000);
});
