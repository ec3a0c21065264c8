import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { scan } from 'rxjs';
import { ofKind, trades, type Trade } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { aside, onBeat } from './beat';
import { PRINTS } from './feeds';
import * as format from './format';
import { zoneOf } from './markets';
import { Words } from './words';

/** So many are shown. */
const MOST = 40;

interface Print {
  readonly key: number;
  readonly trade: Trade | undefined;
  /** Of a vendor that counts the day it is what the day grew by; unknown of the first one, and of one behind a hole. */
  readonly size: number | undefined;
  /** Instead of a trade: nothing was heard here. */
  readonly isHole: boolean;
}

interface Prints {
  readonly symbol: string;
  readonly newest: readonly Print[];
  readonly count: number;
  readonly volume: number | undefined;
}

const none: Prints = { symbol: '', newest: [], count: 0, volume: undefined };

const withTrade = (held: Prints, trade: Trade): Prints => {
  const { newest, count, volume } = held.symbol === trade.symbol ? held : none;
  const grown = trade.volume !== undefined && volume !== undefined ? trade.volume - volume : undefined;
  const print = { key: count, trade, size: trade.size ?? (grown && grown > 0 ? grown : undefined), isHole: false };
  return {
    symbol: trade.symbol,
    newest: [print, ...newest.slice(0, MOST - 1)],
    count: count + 1,
    volume: trade.volume,
  };
};

const withHole = (held: Prints): Prints =>
  held.newest.length === 0 || held.newest[0]?.isHole
    ? { ...held, volume: undefined }
    : {
        ...held,
        newest: [{ key: held.count, trade: undefined, size: undefined, isHole: true }, ...held.newest].slice(0, MOST),
        count: held.count + 1,
        volume: undefined,
      };

@Component({
  selector: 'app-tape',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="prints" tabindex="0" role="region" [attr.aria-label]="words().tape">
      <table>
        <thead>
          <tr>
            <th scope="col">{{ words().time }}</th>
            <th scope="col" class="num">{{ words().price }}</th>
            <th scope="col" class="num">{{ words().size }}</th>
          </tr>
        </thead>
        <tbody>
          @for (print of prints(); track print.key) {
            @if (print.isHole) {
              <tr class="hole">
                <td colspan="3">{{ words().gap }}</td>
              </tr>
            } @else {
              <tr [class]="print.side">
                <td class="muted">{{ print.time }}</td>
                <td class="num">{{ print.price }}</td>
                <td class="num">{{ print.size }}</td>
              </tr>
            }
          }
        </tbody>
      </table>
    </div>
  `,
})
export class Tape {
  readonly symbol = input.required<string>();
  readonly words = inject(Words).all;

  readonly #all = injectEvents(
    { topics: () => trades(this.symbol()), feed: PRINTS, every: 'value', initial: none },
    ofKind('trade', 'disconnected'),
    scan((held: Prints, event) => (event.kind === 'trade' ? withTrade(held, event) : withHole(held)), none),
    onBeat(aside.tape),
  );
  readonly prints = computed(() => {
    const [symbol, all] = [this.symbol(), this.#all()];
    if (all.symbol !== symbol) return [];
    return all.newest.map(({ key, trade, size, isHole }) => ({
      key,
      isHole,
      side: trade?.aggressor === 'buyer' ? 'up' : trade?.aggressor === 'seller' ? 'down' : '',
      time: trade ? format.clock(trade.time, zoneOf(symbol)) : '',
      price: format.price(symbol, trade?.price),
      size: format.size(size),
    }));
  });
}
