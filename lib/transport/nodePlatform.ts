import type { Platform } from './Platform.js';
import { openNodeSocket } from './openNodeSocket.js';
import { remedyOf, tidied } from './remedy.js';

/** Node, over `ws`. */
export const nodePlatform: Platform = { openSocket: openNodeSocket, headers: true, remedyOf, tidied };
