import { cut, show } from '../codec/show.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { isStamp } from '../model/moment.js';
import { quoted } from './undecodable.js';

/** A stamp is short; a longer text is none. */
const LONGEST = 64;

/**
 * An event that has the time of its receipt because its stamp is not believed, with that stamp as `vendorTime`: a finite
 * number as it is, anything else as a text of at most 64 characters without the credential. Where no stamp was sent (0, an
 * empty text, nothing) it is the event as it is.
 */
export const withVendorTime = <E extends MarketEvent>(event: E, sent: unknown, redact: (text: string) => string): E =>
  isStamp(sent) ? { ...event, vendorTime: vendorTime(sent, redact) } : event;

/** As sent where that survives JSON; anything else, as text. */
const vendorTime = (sent: unknown, redact: (text: string) => string): number | string => {
  if (typeof sent === 'number' && Number.isFinite(sent)) return sent;
  return typeof sent === 'string' ? cut(quoted(sent, redact), LONGEST) : show(sent);
};
