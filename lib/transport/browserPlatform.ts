import { browserPage$ } from './browserPage.js';
import type { Platform } from './Platform.js';

/** The `WebSocket` of the platform. It cannot send headers, and shows neither a refusal's HTTP status nor pings. */
export const browserPlatform: Platform = {
  openSocket: (url) => new WebSocket(url),
  headers: false,
  hidesRefusals: true,
  page$: browserPage$,
};
