/** Whether events of a kind are of the market and of the five kinds that every provider may have. */
export const isMarketKind = (kind: unknown): kind is 'trade' | 'quote' | 'depth' | 'bbo' | 'kline' =>
  kind === 'trade' || kind === 'quote' || kind === 'depth' || kind === 'bbo' || kind === 'kline';

/** Whether events of a kind are what every connection says. */
export const isLinkKind = (kind: unknown): boolean => {
  switch (kind) {
    // First, as it is asked of each event, and nearly all are these.
    case 'trade':
    case 'quote':
    case 'depth':
    case 'bbo':
    case 'kline':
      return false;
    case 'connected':
    case 'disconnected':
    case 'subscribed':
    case 'unsubscribed':
    case 'refused':
    case 'unexpected':
    case 'undecodable':
    case 'latency':
    case 'backfilled':
    case 'recovered':
    case 'switched':
    case 'standbyLost':
    case 'diverged':
    case 'lagging':
    case 'caughtUp':
      return true;
    default:
      return false;
  }
};

/** Messages of these kinds never leave a pipe. */
const INNER: ReadonlySet<string> = new Set(['control', 'ready', 'handover']);

/** Whether events of a kind are what only their provider knows. */
export const isOwnKind = (kind: string): boolean => !isMarketKind(kind) && !isLinkKind(kind) && !INNER.has(kind);

/** Letters, digits and `_ . : -`; a longer one is a mistake. */
const NAME = /^[a-z][\w.:-]{0,63}$/i;

/** Whether a provider of one's own may call a channel so. */
export const isOwnChannel = (channel: unknown): boolean =>
  typeof channel === 'string' && NAME.test(channel) && !(channel in Object.prototype) && isOwnKind(channel);
