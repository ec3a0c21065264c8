import type { LinkEvent } from '../../model/feedEvent.js';

/** Whether the connection says it. Takes any value, as operators on derived values need to know too. */
export const isLinkEvent = (value: object): value is LinkEvent => {
  switch ((value as Partial<LinkEvent>).kind) {
    case 'connected':
    case 'disconnected':
    case 'refused':
    case 'undecodable':
    case 'latency':
      return true;
    default:
      return false;
  }
};
