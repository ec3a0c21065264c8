import { map, NEVER } from 'rxjs';
import { provideFeed, type ProvideFeedOptions } from '../../lib/angular/index.js';
import type { MakeFeed } from '../../lib/share/shareFeed.js';
import { trades } from '../../lib/model/topic.js';
import { marbles, type MarketHelpers } from '../../lib/testing/marbles.js';
import { application } from './application.js';

export const apple = trades('AAPL.US');
export const price = map(({ price }: { readonly price: number }) => price);

type Stage = Awaited<ReturnType<typeof application>> & { readonly serve: (feed: MakeFeed) => void };

/** An application on a feed that the body decides; the body runs in virtual time. */
export const onFeed =
  (body: (stage: Stage, t: MarketHelpers) => void, options?: ProvideFeedOptions) => async (): Promise<void> => {
    let feed: MakeFeed = () => NEVER;
    const app = await application(provideFeed(() => (topics$) => feed(topics$), options));
    marbles((helpers) => body({ ...app, serve: (served) => (feed = served) }, helpers))();
  };

/** Does things at moments: `{ a: () => … }` at each `a` of the marbles. */
export const act = ({ cold }: MarketHelpers, diagram: string, deeds: Readonly<Record<string, () => void>>): void => {
  cold(diagram, deeds).subscribe((deed) => deed());
};
