/**
 * What iTick has been seen to send and to take, word for word, as gathered from public pages; none of it was captured
 * from the live service by us. Answers of its REST interface do not travel over the socket and are not here.
 */
export const frames = {
  // doc.itick.org, stock page (frozen); docs.itick.org/zh-cn/websocket/forex, 2026-07-28
  hello: '{"code":1,"msg":"Connected Successfully"}',
  authenticated: '{"code":1,"resAc":"auth","msg":"authenticated"}',
  authFailed: '{"code":0,"resAc":"auth","msg":"auth failed"}',
  subscribed: '{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}',
  quotaExceeded: '{"code":0,"resAc":"subscribe","msg":"exceeding the maximum subscription limit"}',
  badParams: '{"code":0,"resAc":"subscribe","msg":"cannot be resolved action"}',
  pong: '{"resAc":"pong","data":{"params":"1731688569840"}}',

  // github.com/itick-org/free-stock-api, websocket/*.md, 2025-08-22; the token is echoed
  authenticatedWithToken:
    '{"code":1,"resAc":"auth","msg":"authenticated","data":{"params":"<token echoed, redacted>"}}',
  // github.com/84902988/exchange-web, backend/tests, 2026-07-24
  authenticatedWithNull: '{"code":1,"resAc":"auth","msg":"authenticated","data":{"params":null}}',

  // doc.itick.org, stock page (frozen); the depth shows ETH under another label
  tickOfAapl: '{"code":1,"data":{"s":"AAPL.US","ld":225.215,"v":16742235,"t":1731689407000,"type":"tick"}}',
  quoteOfAapl:
    '{"code":1,"data":{"s":"AAPL.US","ld":225.215,"o":226.27,"h":226.92,"l":224.44,"t":1731689407000,' +
    '"v":16742235,"tu":3774688301.452,"ts":0,"type":"quote"}}',
  depthOfAapl:
    '{"code":1,"data":{"s":"AAPL.US","a":[{"po":1,"p":3034.01,"v":10.6023,"o":10.6023},' +
    '{"po":2,"p":3034.03,"v":0.0017,"o":0.0017},{"po":3,"p":3034.18,"v":0.0017,"o":0.0017},' +
    '{"po":4,"p":3034.26,"v":0.0018,"o":0.0018},{"po":5,"p":3034.27,"v":0.21,"o":0.21}],' +
    '"b":[{"po":1,"p":3034,"v":20.9758,"o":20.9758},{"po":2,"p":3033.99,"v":1.8408,"o":1.8408},' +
    '{"po":3,"p":3033.98,"v":0.003,"o":0.003},{"po":4,"p":3033.97,"v":0.0065,"o":0.0065},' +
    '{"po":5,"p":3033.94,"v":0.003,"o":0.003}],"type":"depth"}}',
  nestedKlineOfAapl:
    '{"code":0,"msg":null,"data":{"s":"AAPL.US","t":1,"k":{"tu":157513,"c":3059.39,"t":1731660060000,"v":28,' +
    '"h":3061.41,"l":3055.24,"o":3055.36}}}',

  // github.com/itick-org/free-stock-api, websocket/*.md, 2025-08-22; crypto without region, open, high and low
  quoteOfEth:
    '{"code":1,"data":{"s":"ETH_USDT","ld":3034,"t":1731690011321,"v":0.6186,"tu":1876.832564,"ts":0,"type":"quote"}}',
  depthOfEth:
    '{"code":1,"data":{"s":"ETH_USDT","a":[{"po":1,"p":3034.01,"v":10.6023,"o":10.6023},' +
    '{"po":2,"p":3034.03,"v":0.0017,"o":0.0017},{"po":3,"p":3034.18,"v":0.0017,"o":0.0017},' +
    '{"po":4,"p":3034.26,"v":0.0018,"o":0.0018},{"po":5,"p":3034.27,"v":0.21,"o":0.21}],' +
    '"b":[{"po":1,"p":3034,"v":20.9758,"o":20.9758},{"po":2,"p":3033.99,"v":1.8408,"o":1.8408},' +
    '{"po":3,"p":3033.98,"v":0.003,"o":0.003},{"po":4,"p":3033.97,"v":0.0065,"o":0.0065},' +
    '{"po":5,"p":3033.94,"v":0.003,"o":0.003}],"type":"depth"}}',

  // docs.itick.org/zh-cn/websocket/forex, 2026-07-28; the figures of a quote are those of a stock
  tickOfEurusd: '{"code":1,"data":{"s":"EURUSD","r":"GB","ld":225.215,"v":16742235,"t":1731689407000,"type":"tick"}}',
  quoteOfEurusd:
    '{"code":1,"data":{"s":"EURUSD","r":"GB","ld":225.215,"o":226.27,"h":226.92,"l":224.44,"t":1731689407000,' +
    '"v":16742235,"tu":3774688301.452,"type":"quote"}}',
  depthOfEurusd:
    '{"code":1,"data":{"s":"EURUSD$GB","r":"GB","a":[{"po":1,"p":3034.01,"v":10.6023,"o":10.6023}],' +
    '"b":[{"po":1,"p":3034,"v":20.9758,"o":20.9758}],"type":"depth"}}',
  klineOfEurusd:
    '{"code":1,"data":{"tu":157513,"c":3059.39,"t":1731660060000,"v":28,"h":3061.41,"l":3055.24,"o":3055.36,' +
    '"type":"kline@1","s":"EURUSD","r":"GB"}}',

  // github.com/84902988/exchange-web, backend/tests, 2026-07-24: a whole frame, then the same row in an envelope
  bareKlineOfEurusd:
    '{"o":1.14025,"h":1.14029,"l":1.14021,"c":1.14024,"v":291.8,"tu":332.725565,"t":1782889500000,' +
    '"s":"eurusd","type":"kline@1"}',
  lowerCaseKlineOfEurusd:
    '{"code":1,"data":{"o":1.14025,"h":1.14029,"l":1.14021,"c":1.14024,"v":291.8,"tu":332.725565,' +
    '"t":1782889500000,"s":"eurusd","r":"GB","type":"kline@1"}}',
} as const;

/** Commands that the vendor's pages and its users send. */
export const commands = {
  // github.com/itick-org/free-stock-api, 2025-08-22; itick-org/all-example, 2025-11-06
  login: '{"ac":"auth","params":"<token>"}',
  // doc.itick.org, stock page (frozen); docs.itick.org/zh-cn/websocket/forex, 2026-07-28
  ping: '{"ac":"ping","params":"1731688569840"}',
  // doc.itick.org, stock page (frozen)
  stocks: '{"ac":"subscribe","params":"AAPL$US,TSLA$US","types":"depth,quote"}',
  // docs.itick.org/zh-cn/websocket/forex, 2026-07-28
  pairs: '{"ac":"subscribe","params":"EURUSD$GB,GBPUSD$GB","types":"quote"}',
  allTypes: '{"ac":"subscribe","params":"EURUSD$GB","types":"tick,quote,depth"}',
  // github.com/84902988/exchange-web, backend/tests, 2026-07-24
  bars: '{"ac":"subscribe","params":"EURUSD$GB,XAUUSD$GB","types":"kline@1"}',
  withdrawal: '{"ac":"unsubscribe","params":"GBPUSD$GB","types":"quote"}',
  // an article on dev.to about stocks of India; two parts are refused
  india: '{"ac":"subscribe","params":"RELIANCE$NSE$IN","types":"quote"}',
  // itick-org/all-example, goldSubscriber.js, 2025-11-06; a legacy form that we never send: our symbols have a venue
  bareCode: '{"ac":"subscribe","params":"XAUUSD","types":"tick"}',
} as const;
