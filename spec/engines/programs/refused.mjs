// A credential that both vendors refuse, the one in its stream, the other by the status of the upgrade.
import { argv, exit } from 'node:process';
import { lastValueFrom, timeout } from 'rxjs';
import { quotes } from 'rxtape';
import { itick } from 'rxtape/itick';
import { tickflow } from 'rxtape/tickflow';

const url = argv[2];
const feeds = [
  itick({ url, token: 'wrong', market: 'stock', topics: quotes('AAPL.US') }),
  tickflow({ url, apiKey: 'wrong', topics: quotes('600000.SH') }),
];
for (const feed$ of feeds) {
  const error = await lastValueFrom(feed$.pipe(timeout(60_000))).then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error?.name !== 'Unauthorized') throw error ?? new Error('nothing was refused');
}
exit(0);
