import type { Unauthorized } from '../../model/errors.js';
import type { Latency, Undecodable } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { Control } from '../../session/Control.js';
import type { Answer } from '../../session/ledger.js';

/** What iTick says about the connection: whether the login holds, or how it takes a command. Greetings say neither. */
export interface ItickControl extends Control {
  readonly verdict?: 'accepted' | Unauthorized;
  readonly answer?: Answer;
}

/** Everything a frame of iTick can mean. */
export type ItickMessage = MarketEvent | Undecodable | Latency | ItickControl;
