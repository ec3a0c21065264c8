import { Observable } from 'rxjs';
import type { Feed } from '../share/shareFeed.js';
import { serving } from './serving.js';
import { standbySettings, type StandbyOptions } from './StandbyOptions.js';

/**
 * One feed of two: the secondary takes over when the primary fails, and that is said in the stream, once for each switch.
 *
 * A link that is lost, or never comes, hands the whole feed over after `promote.after`; with `on: 'stale'` a symbol that is silent while it trades goes over
 * alone. `switched` comes before what the other line says, with the `hole` that neither had; then what that line serves, what was
 * refused to it, what it has said meanwhile, and its books. The loss of the line that does not serve is `standbyLost`. While neither has
 * a link there is one `disconnected`, and then one `connected` whose `resumed` spans that time. One line that fails leaves
 * the other; after both it fails with the last error.
 *
 * Two vendors are never mixed: what the other line says is dropped until it serves. Of the same provider twice, the trades of both are
 * compared, so that nothing is lost or doubled, and a cut shorter than `after` is filled from the other line unseen; if that turns out to have been
 * dead then, the hole is said when its loss is noticed. Cold; both
 * lines are subscribed to for each subscription, so share it with `shareFeed`. Throws `InvalidOption`.
 *
 *     primary    c-1-2-x----------c-7-     x `disconnected`
 *     secondary  c-a-b-c-d-e-f-g-h-i-j
 *     standby    c-1-2------s(c)d-...      s `switched`, then what was held
 *
 * @example
 * const desk = shareFeed((topics) => standby(itick({ token, market: 'stock', topics }), tickflow({ apiKey, topics })));
 */
export const standby = (primary$: Feed, secondary$: Feed, options: StandbyOptions = {}): Feed => {
  const settings = standbySettings(options);
  return new Observable((subscriber) => serving({ primary: primary$, secondary: secondary$ }, settings, subscriber));
};
