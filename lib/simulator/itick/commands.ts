import { barLengths } from '../market/bars.js';
import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import type { Cluster } from '../market/venues.js';
import { klineCodes } from './frames.js';

/** iTick's types and our channels: `tick` is `trade`, `kline@3` is `kline@15m`. */
const channels: ReadonlyMap<string, string> = new Map([
  ['tick', 'trade'],
  ['quote', 'quote'],
  ['depth', 'depth'],
  ...barLengths.map((length) => [`kline@${klineCodes[length]}`, `kline@${length}`] as const),
]);

/** What a `subscribe` or `unsubscribe` names: every instrument with every channel. */
export interface Products {
  readonly instruments: readonly Instrument[];
  readonly channels: readonly string[];
  readonly types: readonly string[];
}

/** No product of any cluster is longer. */
const LONGEST = 64;

const PRODUCT = /^([^$]+)(?:\$([^$]+))?(?:\$([^$]+))?$/u;

/**
 * Reads `params` and `types`; `undefined` as soon as one of them cannot be resolved, `too many` where there are more
 * products than anyone may have.
 */
export const resolveProducts = (
  command: Readonly<Record<string, unknown>>,
  cluster: Cluster,
  market: SimulatedMarket,
  most: number,
): Products | 'too many' | undefined => {
  const { params, types } = command;
  if (typeof params !== 'string' || typeof types !== 'string') return undefined;
  const names = [...new Set(split(types))];
  const products = new Set(split(params));
  if (products.size > most) return 'too many';
  const wanted = [...products].map((product) => resolve(product, cluster, market));
  const named = names.map((type) => channels.get(type));
  return wanted.every(isDefined) && named.every(isDefined)
    ? { instruments: [...new Set(wanted)], channels: named, types: names }
    : undefined;
};

const split = (list: string): string[] => list.split(',').map((item) => item.trim());

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

/** `AAPL$US`, `RELIANCE$NSE$IN`, either case; or a bare code of the cluster. A padded Hong Kong code is not one. */
const resolve = (product: string, cluster: Cluster, market: SimulatedMarket): Instrument | undefined => {
  if (product.length > LONGEST) return undefined;
  const [, code, ...regions] = PRODUCT.exec(product.toUpperCase()) ?? [];
  if (code === undefined) return undefined;
  const parts = regions.filter(isDefined);
  return parts.length === 0 ? market.findCode(code, cluster) : findProduct(code, parts, cluster, market);
};

/** The instrument of a code and its region, or exchange and region, in upper case. */
export const findProduct = (
  code: string,
  parts: readonly string[],
  cluster: Cluster,
  market: SimulatedMarket,
): Instrument | undefined => {
  if (parts.at(-1) === 'HK' && code.startsWith('0')) return undefined;
  return market.find([code, ...parts].join('.'), [cluster]);
};
