/** The hours of a Chinese future, as `calendars` names them. */
type ChineseHours = 'cn' | 'cnBondFutures' | 'cnFutures' | 'cnFutures1am' | 'cnFutures11pm' | 'cnFuturesDay';

/** Products by their hours; those that are not here may trade as long as any. */
const products: Readonly<Record<ChineseHours, string>> = {
  cn: 'if ih ic im io ho mo',
  cnBondFutures: 't tf ts tl',
  cnFutures: 'au ag sc',
  cnFutures1am: 'cu al zn pb ni sn ss ao bc ad',
  cnFutures11pm:
    'rb hc ru bu fu sp br nr lu op ' +
    'a b m y p c cs i j jm l pp v eg eb pg rr bz ' +
    'sr cf cy ta ma fg rm oi sa pf px sh zc pr pl',
  cnFuturesDay: 'wr ec jd lh fb bb ap cj ur sf sm pk wh pm ri lr jr rs si lc ps lg pt pd',
};

const hoursOf: ReadonlyMap<string, ChineseHours> = new Map(
  (Object.entries(products) as [ChineseHours, string][]).flatMap(([hours, codes]) =>
    codes.split(' ').map((code) => [code, hours] as const),
  ),
);

/** A product is one or two letters before the month of delivery: `au2604`, `SR605`, `m2605-C-3000`. */
const PRODUCT = /^[a-z]{1,2}(?=\d|$)/i;

const known = (code: string): ChineseHours | undefined => hoursOf.get(PRODUCT.exec(code)?.[0].toLowerCase() ?? '');

/** The hours of a Chinese future by its code; those of the longest night session where the product is not known. */
export const chineseFutures = (code: string): ChineseHours => known(code) ?? 'cnFutures';

/** The same at the exchange of financial futures, which has no night session: bonds are traded the longest. */
export const financialFutures = (code: string): ChineseHours => known(code) ?? 'cnBondFutures';

/** Whether a currency pair is a spot metal: gold, silver, platinum, palladium. */
export const isMetal = (code: string): boolean => /^X(?:AU|AG|PT|PD)/i.test(code);
