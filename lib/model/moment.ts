/** Before the year 2000 no feed stamped in micro- or nanoseconds; a smaller number of that size is no time at all. */
const YEAR_2000 = 946_684_800_000;

/** As milliseconds it would lie in 1973; as seconds in the year 5138. Each further unit is a thousand times as large. */
const SECONDS_BELOW = 1e11;
const MILLIS_BELOW = 1e14;
const MICROS_BELOW = 1e17;
const NANOS_BELOW = 1e20;

/** No text of a time is longer. */
const LONGEST = 40;

const DECIMAL = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s?(?:[Zz]|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * The moment that a vendor's stamp means, in epoch milliseconds; undefined when it cannot be one.
 *
 * A number, or a text of one, counts seconds, milliseconds, microseconds or nanoseconds, as its size tells. ISO text has a
 * date and a time; without a zone it is in UTC.
 */
export const momentOf = (sent: unknown): number | undefined => {
  // Nearly every stamp is in milliseconds, and is handed on as it is.
  if (typeof sent === 'number') return sent >= SECONDS_BELOW && sent < MILLIS_BELOW ? sent : ofNumber(sent);
  if (typeof sent !== 'string' || sent.length > LONGEST) return undefined;
  return DECIMAL.test(sent) ? ofNumber(Number(sent)) : ofIso(sent);
};

const ofNumber = (value: number): number | undefined => {
  if (value >= SECONDS_BELOW) {
    if (value < MILLIS_BELOW) return value;
    if (value < MICROS_BELOW) return inTime(Math.floor(value / 1e3));
    // A number of nanoseconds is exact to some hundreds of them.
    return value < NANOS_BELOW ? inTime(Math.floor(value / 1e6 + 0.0006)) : undefined;
  }
  return value > 0 ? Math.round(value * 1e3) || undefined : undefined;
};

const inTime = (time: number): number | undefined => (time >= YEAR_2000 ? time : undefined);

const ofIso = (text: string): number | undefined => {
  const found = ISO.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second = 0, fraction = '', sign, zoneHour = 0, zoneMinute = 0] = found;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // The 31st of a short month would be taken for a day of the next.
  if (Number(month) > 12 || new Date(date).getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const east = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -60 : 60);
  const time = date + (seconds - east) * 1e3 + Math.floor(Number(`0.${fraction || 0}`) * 1e3);
  return time > 0 ? time : undefined;
};

/** The last moment of the year 9999; calendars end there. */
export const LATEST = 253_402_300_799_999;

/** Whether a value can be a time in epoch milliseconds. */
export const isTime = (time: unknown): time is number => typeof time === 'number' && Math.abs(time) <= LATEST;

/** Whether a vendor sent a stamp at all: 0, an empty text and nothing are its ways to say that it has none. */
export const isStamp = (sent: unknown): boolean =>
  sent !== undefined && sent !== null && sent !== 0 && sent !== '' && sent !== '0';
