import type { FeedEvent } from '../../model/feedEvent.js';
import { hasPart, type Part } from '../diff/like.js';
import { shown } from '../diff/shown.js';
import { gapsIn, type Gap } from './gaps.js';
import { valuesOf, type Seen, type Verdict } from './seen.js';

/** Whether one of the holes has all the expected fields. */
export const judgeGap = (seen: Seen, gap: Part<Gap> = {}): Verdict => {
  const gaps = gapsIn(valuesOf(seen) as readonly FeedEvent[]);
  const found = gaps.length === 0 ? 'there is no gap' : ['the gaps are', ...gaps.map(described)].join('\n    ');
  const pass = gaps.some((one) => hasPart(one, gap));
  return {
    pass,
    message: () =>
      pass ? `no gap like ${shown(gap)} was expected, but ${found}` : `no gap is like ${shown(gap)}: ${found}`,
  };
};

const described = ({ provider, from, to, cause }: Gap): string =>
  `${provider}, ${from} to ${to ?? 'the end'}${cause ? `, ${cause._tag}: ${cause.message}` : ''}`;
