const CN = 'Asia/Shanghai';

/** IANA time zone of the venues whose days, weeks and months are not those of UTC. */
const zones: Readonly<Record<string, string>> = {
  ...{ SH: CN, SZ: CN, BJ: CN, CN, SHF: CN, DCE: CN, ZCE: CN, CFX: CN, INE: CN, GFE: CN },
  HK: 'Asia/Hong_Kong',
  US: 'America/New_York',
  JP: 'Asia/Tokyo',
  KR: 'Asia/Seoul',
  TW: 'Asia/Taipei',
  SG: 'Asia/Singapore',
  IN: 'Asia/Kolkata',
  DE: 'Europe/Berlin',
};

/** The time zone of the exchange behind a symbol; UTC for venues that trade around the clock or are not known. */
export const zoneOf = (symbol: string): string => {
  const venue = symbol.slice(symbol.lastIndexOf('.') + 1);
  return Object.hasOwn(zones, venue) ? (zones[venue] ?? 'UTC') : 'UTC';
};
