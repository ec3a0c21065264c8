import { cut, show } from '../codec/explain.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { isStamp } from '../model/moment.js';
import { quoted, type Redact } from './undecodable.js';

/** A stamp is short; a longer text is not one. */
const LONGEST = 64;

/**
 * An event that has the time of its receipt because its stamp is not believed, with that stamp as `vendorTime`: a finite
 * number as it is, anything else as text. Where no stamp was sent (0, an empty text, nothing) it is the event as it is.
 *
 * A text may hold the credential, so the event does not name its feed: it goes through the end of the pipe, which names the
 * feed, takes the credential out, and cuts the text to 64 characters.
 */
export const withVendorTime = <E extends MarketEvent>(event: E, sent: unknown): E => {
  if (!isStamp(sent)) return event;
  if (typeof sent === 'number' && Number.isFinite(sent)) return { ...event, vendorTime: sent };
  if (typeof sent !== 'string') return { ...event, vendorTime: show(sent) };
  const facts = Object.entries({ ...event, vendorTime: sent });
  return Object.fromEntries(facts.filter(([key]) => key !== 'feed')) as unknown as E;
};

/** The event with a text for a stamp without the credential, and cut. */
export const quotedTime = <E extends MarketEvent>(event: E, redact: Redact): E =>
  typeof event.vendorTime === 'string'
    ? { ...event, vendorTime: cut(quoted(event.vendorTime, redact), LONGEST) }
    : event;
