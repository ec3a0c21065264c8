import type { Undecodable } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { Control } from '../../session/Control.js';
import type { Answer } from '../../session/ledger.js';

/** A message of Binance about the connection: the answer to a command, or the notice that the server goes down. */
export interface BinanceControl extends Control {
  readonly answer?: Answer;
  readonly isLeaving?: boolean;
}

/** Everything a frame of Binance can mean. */
export type BinanceMessage = MarketEvent | Undecodable | BinanceControl;
