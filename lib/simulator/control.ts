import type { Observable } from 'rxjs';
import type { RefusalOptions } from './refusal.js';
import type { RestControl } from './rest/restControl.js';

/** One vendor's side of the simulator: what it has seen, and faults on demand. */
export interface VendorControl {
  /** Connections that are logged in now. */
  readonly live: number;
  /** `live` now and whenever it changes; for tests that wait until a client has come or gone. */
  readonly live$: Observable<number>;
  /** Connections ever opened; refused upgrades do not count. */
  readonly accepted: number;
  /** Frames ever sent, market data and answers alike. */
  readonly sent: number;
  /** Text frames received, oldest first, the last 10,000; credentials read `***`. */
  readonly commands: readonly string[];
  /** What live connections are subscribed to, sorted, distinct: `quote AAPL.US`, `kline@1m 700.HK`. */
  readonly topics: readonly string[];
  /** Its REST interface: what that was asked, and faults of its own. */
  readonly rest: RestControl;
  /** Ends all connections without a close frame. */
  drop(): void;
  /** Closes all connections cleanly. The code defaults to 1000. */
  close(code?: number, reason?: string): void;
  /** Ends all connections the way the vendor ends one that a second login replaces. */
  kick(): void;
  /** Keeps connections open, new ones too, and says nothing at all: no data, ack, pong or ping. Defaults to true. */
  mute(on?: boolean): void;
  /** Sends any text or binary frame to all connections. */
  say(frame: string | Uint8Array): void;
  /** Ends all connections in the middle of a frame. */
  cut(): void;
  /** Answers upgrades with an HTTP status instead. */
  refuseUpgrades(status: number, options?: RefusalOptions): void;
  /** Ends `refuseUpgrades`. */
  allowUpgrades(): void;
  /** Ends connections with more than this many unsent bytes without a close frame. Starts at 8 MiB. */
  slowConsumer(limitBytes: number): void;
}
