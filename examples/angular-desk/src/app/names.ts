import { effect, inject, Injectable, signal, untracked } from '@angular/core';
import { PLACE } from './feeds';
import { vendorsOf } from './markets';
import { DeskState } from './state';
import { Words } from './words';

/** English and Chinese names of what no vendor names, or names in one language alone. */
const table: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  '600000.SH': ['SPD Bank', '浦发银行'],
  '600519.SH': ['Kweichow Moutai', '贵州茅台'],
  '601318.SH': ['Ping An Insurance', '中国平安'],
  '600036.SH': ['China Merchants Bank', '招商银行'],
  '688981.SH': ['SMIC', '中芯国际'],
  '000001.SZ': ['Ping An Bank', '平安银行'],
  '000858.SZ': ['Wuliangye', '五粮液'],
  '300750.SZ': ['CATL', '宁德时代'],
  '002594.SZ': ['BYD', '比亚迪'],
  '700.HK': ['Tencent', '腾讯控股'],
  '9988.HK': ['Alibaba', '阿里巴巴'],
  '5.HK': ['HSBC', '汇丰控股'],
  '1810.HK': ['Xiaomi', '小米集团'],
  'AAPL.US': ['Apple', '苹果'],
  'TSLA.US': ['Tesla', '特斯拉'],
  'MSFT.US': ['Microsoft', '微软'],
  'NVDA.US': ['Nvidia', '英伟达'],
  'BRK.B.US': ['Berkshire Hathaway', '伯克希尔'],
  'BTCUSDT.BA': ['Bitcoin', '比特币'],
  'ETHUSDT.BA': ['Ether', '以太坊'],
  'BNBUSDT.BA': ['BNB', '币安币'],
  'SOLUSDT.BA': ['Solana', '索拉纳'],
};

interface Row {
  readonly symbol?: unknown;
  readonly ext?: { readonly name?: unknown };
}

/** What symbols are called: by the table, and else by TickFlow, which is asked once for each. */
@Injectable({ providedIn: 'root' })
export class Names {
  readonly #place = inject(PLACE);
  readonly #words = inject(Words);
  readonly #told = signal<ReadonlyMap<string, string>>(new Map());
  readonly #asked = new Set<string>();

  constructor() {
    const { symbols } = inject(DeskState);
    effect(() => {
      const unnamed = symbols().filter((symbol) => !table[symbol] && vendorsOf(symbol).includes('tickflow'));
      untracked(() => void this.#ask(unnamed.filter((symbol) => !this.#asked.has(symbol))));
    });
  }

  /** An empty text where the name is not known. */
  of(symbol: string): string {
    const known = table[symbol];
    return known?.[this.#words.language() === 'en' ? 0 : 1] ?? this.#told().get(symbol) ?? '';
  }

  /** Over NATS the page has no key, and asks no vendor. */
  async #ask(symbols: readonly string[]): Promise<void> {
    const { nats, url, key } = this.#place;
    if (symbols.length === 0 || nats !== undefined) return;
    symbols.forEach((symbol) => this.#asked.add(symbol));
    try {
      const address = `${url.replace(/^ws/, 'http')}/v1/quotes?symbols=${symbols.map(encodeURIComponent).join()}`;
      const answer = await fetch(address, { headers: { 'x-api-key': key } });
      const { data } = (await answer.json()) as { readonly data?: readonly Row[] };
      const told = (data ?? []).flatMap(({ symbol, ext }): readonly (readonly [string, string])[] =>
        typeof symbol === 'string' && typeof ext?.name === 'string' ? [[symbol, ext.name]] : [],
      );
      this.#told.update((names) => new Map([...names, ...told]));
    } catch {
      // A symbol without a name has its code.
    }
  }
}
