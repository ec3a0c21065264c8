import type { Observable } from 'rxjs';
import { browserPlatform as platform } from '../transport/browserPlatform.js';
import { connectOver, type ConnectOptions } from '../transport/connect.js';
import type { Session } from '../transport/Session.js';

export * from './parts.js';

/** The platform this door was opened on: a browser. */
export { platform };

/** `connectOver` for this platform: its own `WebSocket`. */
export const connect: (url: string, options?: ConnectOptions) => Observable<Session> = connectOver(platform);
