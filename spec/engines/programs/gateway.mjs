// One process serves a feed over plain WebSockets, and joins it.
import { createServer } from 'node:http';
import { argv, exit } from 'node:process';
import { firstValueFrom, take, timeout, toArray } from 'rxjs';
import { ofKind, quotes, shareFeed } from 'rxtape';
import { joinFeed, serveFeed } from 'rxtape/gateway';
import { itick } from 'rxtape/itick';
import { WebSocketServer } from 'ws';

const url = argv[2];
const server = createServer();
const desk = shareFeed((topics) => itick({ url, token: 'demo', market: 'stock', topics }));
serveFeed(new WebSocketServer({ server }), desk, { allow: (topics) => topics });
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const joined$ = joinFeed({ url: `ws://127.0.0.1:${server.address().port}`, topics: quotes('AAPL.US') });
const events = await firstValueFrom(joined$.pipe(ofKind('quote'), take(2), toArray(), timeout(60_000)));
if (events[1].symbol !== 'AAPL.US') throw new Error('another symbol');
exit(0);
