import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
/** For so many seconds a dropped vendor refuses to answer, if the request names no others. */
const OUTAGE = 5;
const LONGEST = 600;
/** Where iTick and Binance have bars of the past. */
const BARS = '/stock/kline';
const COIN_BARS = '/api/v3/klines';
const here = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Answers what a browser asks of the desk: its pages, and a drop of a vendor's connections.
 *
 * It answers only requests that name this machine as their host, since another site can point a name of its own at it, and
 * takes a drop only from a page of its own. Nothing that is asked ends the server.
 *
 * `pages` is the folder of the built desk, `vendors` a Map by name of functions that drop one for so many seconds, `acts` one
 * of what can be done to a symbol, and `simulatorUrl` the address that the pages connect to. `binance` has its two addresses,
 * and `market` says whether the venues keep their hours. Over `nats` they connect to its `url` instead, and ask here for bars
 * of the past: the answer is that of `restUrl` to our `token`, or Binance's.
 */
export const deskHandler = (desk) => (request, response) => {
  const send = (status, type, body) => response.writeHead(status, { 'content-type': type }).end(body);
  try {
    answer(desk, request, send);
  } catch (error) {
    if (!response.headersSent) send(500, 'text/plain', `the desk cannot answer this: ${error.message}`);
    else response.destroy();
  }
};

const answer = (
  { pages, vendors, acts = new Map(), simulatorUrl, binance, market, nats },
  { url = '/', method, headers },
  send,
) => {
  const refuse = (status, why) => send(status, 'text/plain', why);
  const host = headers.host ?? '';
  if (!URL.canParse(`http://${host}`) || !here.has(new URL(`http://${host}`).hostname)) {
    return refuse(421, 'this server answers for 127.0.0.1 and localhost alone');
  }
  // A path such as `//` would be read as the name of a host.
  if (!url.startsWith('/') || !URL.canParse(`http://desk${url}`)) return refuse(400, 'this is no path');
  const { pathname, search, searchParams } = new URL(`http://desk${url}`);

  if (pathname === '/drop' || pathname === '/market') {
    if (method !== 'POST') return refuse(405, 'a drop is asked for by POST');
    const { origin } = headers;
    if (origin !== undefined && origin !== `http://${host}`) return refuse(403, 'a drop is taken from the desk alone');
  }
  if (pathname === '/market') {
    const act = acts.get(searchParams.get('act'));
    if (!act) return refuse(404, 'no such act');
    try {
      act(searchParams.get('symbol') ?? '');
    } catch (error) {
      return refuse(400, error.message);
    }
    return send(204, 'text/plain');
  }
  if (pathname === '/drop') {
    const drop = vendors.get(searchParams.get('vendor'));
    if (!drop) return refuse(404, 'no such vendor');
    const seconds = Number(searchParams.get('seconds') ?? OUTAGE);
    if (!(seconds >= 1 && seconds <= LONGEST)) return refuse(400, `a drop takes 1 to ${LONGEST} seconds`);
    drop(seconds);
    return send(204, 'text/plain');
  }
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'pages are asked for by GET');
  // Binance asks for no key, and is given none.
  const pasts = nats && {
    [BARS]: { at: nats.restUrl, headers: { token: nats.token } },
    ...(binance && { [COIN_BARS]: { at: binance.restUrl, headers: {} } }),
  };
  if (pasts && Object.hasOwn(pasts, pathname)) {
    const { at, headers: ours } = pasts[pathname];
    fetch(`${at}${pathname}${search}`, { headers: ours })
      .then(async (given) => [given.status, await given.text()])
      .then(([status, text]) => send(status, 'application/json', text))
      .catch(() => refuse(502, 'the vendor does not answer'));
    return;
  }
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const file = join(pages, name);
  if (!/^[\w-][\w.-]*$/.test(name) || !statSync(file, { throwIfNoEntry: false })?.isFile())
    return refuse(404, 'not found');
  const text = readFileSync(file, 'utf8');
  const told = nats
    ? text.replace('name="vendors" content="ws://127.0.0.1:4301"', `name="nats" content="${nats.url}"`)
    : text.replace('ws://127.0.0.1:4301', simulatorUrl);
  // Over NATS no page has a socket to a vendor.
  const addresses = binance && !nats ? `${binance.url} ${binance.restUrl}` : 'none';
  const placed = told
    .replace('name="binance" content="none"', `name="binance" content="${addresses}"`)
    .replace('name="hours" content="always"', `name="hours" content="${market ?? 'always'}"`);
  send(200, `${types[extname(name)] ?? 'text/plain'}; charset=utf-8`, placed);
};
