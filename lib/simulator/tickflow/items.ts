import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import type { Cluster } from '../market/venues.js';
import type { SimulatedLevel } from '../market/snapshot.js';

const LEVELS = 5;
const LOT = 100;

const china = new Set(['SH', 'SZ', 'BJ', 'SHF', 'DCE', 'ZCE', 'CFX', 'INE', 'GFE']);
const equities: Readonly<Record<string, string>> = { CN: 'cn_equity', HK: 'hk_equity', US: 'us_equity' };

/** TickFlow's word for a symbol of the market: Hong Kong codes have five digits. */
export const tickflowSymbol = (symbol: string): string =>
  symbol.endsWith('.HK') ? symbol.padStart('00000.HK'.length, '0') : symbol;

/** What it trades of the market. */
export const served: readonly Cluster[] = ['stock', 'fund', 'future'];

/** The instrument of a symbol as TickFlow writes it: there is no `700.HK`, it has to be `00700.HK` here. */
export const resolve = (market: SimulatedMarket, symbol: string): Instrument | undefined => {
  const instrument = market.find(symbol, served);
  return instrument && tickflowSymbol(instrument.listing.symbol) === symbol ? instrument : undefined;
};

const regionOf = (venue: string): string => (china.has(venue) ? 'CN' : venue);

/** Mainland stocks are counted in lots of a hundred shares. */
export const unitOf = (venue: string): number => (venue === 'SH' || venue === 'SZ' || venue === 'BJ' ? LOT : 1);

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/** One row of a `quotes` frame, as JSON text. */
export const quoteItem = ({ listing, figures }: Instrument, withSession: boolean): string => {
  const { last, previousClose, open, high, low, volume, turnover, time, phase, halted } = figures();
  const { symbol, venue, cluster, name, shares } = listing;
  const region = regionOf(venue);
  const change = last === 0 ? 0 : last - previousClose;
  return JSON.stringify({
    symbol: tickflowSymbol(symbol),
    region,
    last_price: last,
    prev_close: previousClose,
    open,
    high,
    low,
    volume: volume / unitOf(venue),
    amount: turnover,
    timestamp: time,
    ...(withSession && { session: halted ? 'halted' : phase }),
    ...(cluster !== 'future' && {
      ext: {
        type: equities[region],
        name,
        change_pct: rounded(change / previousClose, 6),
        change_amount: rounded(change, 4),
        amplitude: rounded((high - low) / previousClose, 6),
        turnover_rate: rounded(volume / shares, 6),
      },
    }),
  });
};

/** One row of a `depth` frame, as JSON text. An empty side is one level of nothing, as at limit-up. */
export const depthItem = ({ listing: { symbol, venue }, ladders }: Instrument): string => {
  const { bids, asks, bookTime } = ladders();
  const unit = unitOf(venue);
  const prices = (side: readonly SimulatedLevel[]): number[] =>
    side.length === 0 ? [0] : side.slice(0, LEVELS).map(({ price }) => price);
  const volumes = (side: readonly SimulatedLevel[]): number[] =>
    side.length === 0 ? [0] : side.slice(0, LEVELS).map(({ size }) => size / unit);
  return JSON.stringify({
    symbol: tickflowSymbol(symbol),
    region: regionOf(venue),
    timestamp: bookTime,
    bid_prices: prices(bids),
    bid_volumes: volumes(bids),
    ask_prices: prices(asks),
    ask_volumes: volumes(asks),
  });
};
