import type { Unauthorized } from '../../model/errors.js';
import type { Latency, Undecodable } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { Control } from '../../session/Control.js';
import type { Answer } from '../../session/ledger.js';

/**
 * A message of iTick about the connection: the result of the login, or the answer to a command. A greeting has neither.
 */
export interface ItickControl extends Control {
  readonly loginResult?: 'accepted' | Unauthorized;
  readonly answer?: Answer;
}

/** Everything a frame of iTick can mean. */
export type ItickMessage = MarketEvent | Undecodable | Latency | ItickControl;
