import { createHash } from 'node:crypto';
import { isLinkEvent } from '../../../lib/model/feedEvent.js';
import type { DayEvent } from './tradingDay.js';

/** What a run comes to, in a line: two of the same digest said the same, byte for byte and in the same order. */
export interface Digest {
  readonly klines: number;
  /** Bars that are not wholly covered. */
  readonly partial: number;
  readonly gaps: number;
  readonly sha256: string;
}

/** Takes events one by one and keeps none. */
export const digesting = (): { readonly take: (event: DayEvent) => void; readonly digest: () => Digest } => {
  const hash = createHash('sha256');
  let [klines, partial, gaps] = [0, 0, 0];
  return {
    take: (event) => {
      hash.update(`${JSON.stringify(event)}\n`);
      if (isLinkEvent(event)) gaps += event.kind === 'connected' && event.resumed ? 1 : 0;
      else {
        klines += 1;
        partial += event.coverage < 1 ? 1 : 0;
      }
    },
    digest: () => ({ klines, partial, gaps, sha256: hash.copy().digest('hex') }),
  };
};
