/**
 * What TickFlow has been seen to send and to take, word for word, as gathered from public pages; none of it was
 * captured from the live service by us. Answers of its REST interface do not travel over the socket and are not here.
 */
export const frames = {
  // docs.tickflow.org, WebSocket page, read 2026-04
  subscribed: '{"op":"subscribed","channel":"quotes","symbols":["600000.SH","000001.SZ"],"total":2}',
  quotes:
    '{"op":"quotes","data":[{"symbol":"600000.SH","region":"CN","last_price":9.72,"prev_close":9.78,"open":9.78,' +
    '"high":9.78,"low":9.68,"volume":426585,"amount":422430500,"timestamp":1776754802000,"ext":{"type":"cn_equity",' +
    '"name":"浦发银行","change_pct":-0.006135,"change_amount":-0.06,"amplitude":0.010225,"turnover_rate":0.001281}}]}',
  depth:
    '{"op":"depth","data":[{"symbol":"600000.SH","region":"CN","timestamp":1776754802000,' +
    '"bid_prices":[9.72,9.71,9.7,9.69,9.68],"bid_volumes":[3192,3870,26168,5849,5480],' +
    '"ask_prices":[9.73,9.74,9.75,9.76,9.77],"ask_volumes":[74,1602,1148,1209,1109]}]}',
  noPermission: '{"op":"error","message":"no permission for channel: depth"}',

  // The same page gives the beginning of these only; the rest is made up.
  unknownChannel: '{"op":"error","message":"unknown channel: trades"}',
  quotaExceeded: '{"op":"error","message":"exceeded max 100 symbols"}',
  invalidMessage: '{"op":"error","message":"invalid message: expected value"}',

  // Notes of a user on the Expert plan who asked for 100 symbols, 2026; no channel, no symbols
  subscribedByNumber: '{"op":"subscribed","total":97}',

  // github.com/tutu702/tickflow-sdk-rs, tests (the shape); `ext` is absent
  quotesWithoutExt:
    '{"op":"quotes","data":[{"symbol":"600000.SH","region":"CN","last_price":9.72,"prev_close":9.78,"open":9.78,' +
    '"high":9.78,"low":9.68,"volume":426585,"amount":422430500,"timestamp":1776754802000}]}',
  // github.com/tickflow-org/tickflow, generated_model.py, 2026-04-29 (the shape); `session` and `ext` are null
  quotesWithNulls:
    '{"op":"quotes","data":[{"symbol":"600000.SH","region":"CN","last_price":9.72,"prev_close":9.78,"open":9.78,' +
    '"high":9.78,"low":9.68,"volume":426585,"amount":422430500,"timestamp":1776754802000,"session":null,"ext":null}]}',
} as const;

/** Commands of docs.tickflow.org, WebSocket page, read 2026-04; the legacy endpoint knows no channels. */
export const commands = {
  quotes: '{"op":"subscribe","channel":"quotes","symbols":["600000.SH","000001.SZ"]}',
  depth: '{"op":"subscribe","channel":"depth","symbols":["600000.SH"]}',
  withdrawal: '{"op":"unsubscribe","channel":"depth","symbols":["600000.SH"]}',
  legacy: '{"op":"subscribe","symbols":["600000.SH","000001.SZ"]}',
  legacyWithdrawal: '{"op":"unsubscribe","symbols":["600000.SH"]}',
} as const;
