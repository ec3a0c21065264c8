/** The codes that a WebSocket closes with (RFC 6455, section 7.4.1), as far as we say or tell them apart. */

/** The purpose of the connection is fulfilled. */
export const NORMAL = 1000;
/** The peer goes away, as a page does that is left. */
export const GOING_AWAY = 1001;
/** No close frame came: the connection was lost. Never sent, only reported. */
export const ABNORMAL = 1006;
/** A message is not what the receiver allows. */
export const POLICY = 1008;
/** A frame was larger than the receiver accepts. */
export const TOO_BIG = 1009;
