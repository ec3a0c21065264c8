import { fixed } from './fixed.js';
import type { Traded } from './instruments.js';

/** What prices are in, longest first where one ends as another. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'BRL'];
const ASSET_DECIMALS = 8;

/** `TRADING`, or `HALT`. */
export const statusOf = ({ ledger }: Traded): 'TRADING' | 'HALT' =>
  ledger.instrument.figures().halted ? 'HALT' : 'TRADING';

/** A symbol with its assets, its status and the filters that say its steps. */
export const symbolInfo = (traded: Traded) => {
  const { symbol, priceDecimals, sizeDecimals, instrument } = traded.ledger;
  const { tickAt, lot } = instrument.listing.rules;
  const quoteAsset = QUOTES.find((quote) => symbol.endsWith(quote) && symbol !== quote) ?? symbol.slice(-3);
  const tick = fixed(tickAt(1), priceDecimals);
  const step = fixed(lot, sizeDecimals);
  return {
    symbol,
    status: statusOf(traded),
    baseAsset: symbol.slice(0, -quoteAsset.length),
    baseAssetPrecision: ASSET_DECIMALS,
    quoteAsset,
    quotePrecision: ASSET_DECIMALS,
    quoteAssetPrecision: ASSET_DECIMALS,
    baseCommissionPrecision: ASSET_DECIMALS,
    quoteCommissionPrecision: ASSET_DECIMALS,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    pegInstructionsAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '10000000.00000000', tickSize: tick },
      { filterType: 'LOT_SIZE', minQty: step, maxQty: '10000000.00000000', stepSize: step },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'NONE',
    allowedSelfTradePreventionModes: ['NONE'],
  };
};
