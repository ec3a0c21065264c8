const ofStream = (stream: string, data: object): string => JSON.stringify({ stream, data });

/**
 * The payloads of binance-spot-api-docs, web-socket-streams.md, read 2026-11-30, in the wrapper of combined streams of the
 * same page. Comments and white space are left out.
 */
export const frames = {
  aggTrade: ofStream('bnbbtc@aggTrade', {
    e: 'aggTrade',
    E: 1672515782136,
    s: 'BNBBTC',
    a: 12345,
    p: '0.001',
    q: '100',
    f: 100,
    l: 105,
    T: 1672515782136,
    m: true,
    M: true,
  }),
  kline: ofStream('bnbbtc@kline_1m', {
    e: 'kline',
    E: 1672515782136,
    s: 'BNBBTC',
    k: {
      t: 1672515780000,
      T: 1672515839999,
      s: 'BNBBTC',
      i: '1m',
      f: 100,
      L: 200,
      o: '0.0010',
      c: '0.0020',
      h: '0.0025',
      l: '0.0015',
      v: '1000',
      n: 100,
      x: false,
      q: '1.0000',
      V: '500',
      Q: '0.500',
      B: '123456',
    },
  }),
  ticker: ofStream('bnbbtc@ticker', {
    e: '24hrTicker',
    E: 1672515782136,
    s: 'BNBBTC',
    p: '0.0015',
    P: '250.00',
    w: '0.0018',
    x: '0.0009',
    c: '0.0025',
    Q: '10',
    b: '0.0024',
    B: '10',
    a: '0.0026',
    A: '100',
    o: '0.0010',
    h: '0.0025',
    l: '0.0010',
    v: '10000',
    q: '18',
    O: 0,
    C: 86400000,
    F: 0,
    L: 18150,
    n: 18151,
  }),
  bookTicker: ofStream('bnbusdt@bookTicker', {
    u: 400900217,
    s: 'BNBUSDT',
    b: '25.35190000',
    B: '31.21000000',
    a: '25.36520000',
    A: '40.66000000',
  }),
  depth: ofStream('bnbbtc@depth@100ms', {
    e: 'depthUpdate',
    E: 1672515782136,
    s: 'BNBBTC',
    U: 157,
    u: 160,
    b: [['0.0024', '10']],
    a: [['0.0026', '100']],
  }),
  // "Server Shutdown"
  shutdownRaw: '{"e":"serverShutdown","E":1770123456789}',
  shutdown: '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}',
  // "Live Subscribing/Unsubscribing to streams"
  accepted: '{"result":null,"id":1}',
  listed: '{"result":["btcusdt@aggTrade"],"id":3}',
  property: '{"result":true,"id":2}',
  // "Error Messages"
  unknownProperty: '{"code":0,"msg":"Unknown property","id":7}',
  invalidRequest: '{"code":2,"msg":"Invalid request: too many parameters"}',
  invalidJson: '{"code":3,"msg":"Invalid JSON: expected value at line 1 column 2"}',
  // As clients have met it: ccxt and others read `error`.
  nestedError: '{"error":{"code":2,"msg":"Invalid request: too many parameters"},"id":9}',
} as const;

/** Payloads of the page that the provider does not ask for. */
export const others = {
  trade: ofStream('bnbbtc@trade', { e: 'trade', E: 1, s: 'BNBBTC', t: 12345, p: '0.001', q: '100', T: 1, m: true }),
  miniTicker: ofStream('bnbbtc@miniTicker', { e: '24hrMiniTicker', E: 1, s: 'BNBBTC', c: '0.0025' }),
  partialBook: ofStream('bnbbtc@depth5', { lastUpdateId: 160, bids: [['0.0024', '10']], asks: [['0.0026', '100']] }),
  avgPrice: ofStream('btcusdt@avgPrice', { e: 'avgPrice', E: 1, s: 'BTCUSDT', i: '5m', w: '25776.86000000', T: 1 }),
  referencePrice: ofStream('bazusd@referencePrice', { e: 'referencePrice', s: 'BAZUSD', r: '1.00', t: 1770313263917 }),
  rawTrade: '{"e":"trade","E":1,"s":"BNBBTC","t":12345,"p":"0.001","q":"100","T":1,"m":true}',
  allTickers: '{"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker","s":"BNBBTC","c":"1"}]}',
} as const;

/** Commands of the same page, "Subscribe to a stream" and "Unsubscribe to a stream", and its depth at 100 ms. */
export const commands = {
  subscribe: '{"method":"SUBSCRIBE","params":["btcusdt@aggTrade","btcusdt@depth@100ms"],"id":1}',
  unsubscribe: '{"method":"UNSUBSCRIBE","params":["btcusdt@depth@100ms"],"id":312}',
} as const;
