import { tap, type Observable } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../../model/feedEvent.js';
import { topicKey } from '../../model/topic.js';
import { topicOf } from '../../model/topicOf.js';
import { dataOf, expectEqual, following, eventOf, keys, type ContractCase } from './stage.js';

/** Fails at data that come before their `subscribed`, and at topics that are `subscribed` twice in a session. */
const inOrder = (feed$: Observable<FeedEvent>): Observable<FeedEvent> => {
  const served = new Set<string>();
  return feed$.pipe(
    tap((event) => {
      if (event.kind === 'connected') served.clear();
      if (event.kind === 'unsubscribed') event.topics.forEach((topic) => served.delete(topicKey(topic)));
      if (event.kind === 'subscribed') {
        expectEqual('subscribed twice', keys(...event.topics.filter((topic) => served.has(topicKey(topic)))), []);
        event.topics.forEach((topic) => served.add(topicKey(topic)));
      }
      if (isMarketEvent(event)) expectEqual('subscribed before its data', served.has(topicKey(topicOf(event))), true);
    }),
  );
};

/** What every provider says of the topics it is asked for, and of the feed its events belong to. */
export const serviceCases: readonly ContractCase[] = [
  {
    name: 'says subscribed before the data of a topic, and once in each session',
    run: ({ feed, vendor, topics: [one, two] }) =>
      following(inOrder(feed([one, two])), vendor, [
        { when: dataOf(one) },
        { when: dataOf(two) },
        { when: dataOf(one), then: () => vendor.drop() },
        { when: eventOf('connected') },
        { when: eventOf('subscribed') },
        { when: dataOf(one) },
        { when: dataOf(two) },
        { when: dataOf(one) },
      ]),
  },
  {
    name: 'lets no data through that nothing asked for, and says so once',
    run: ({ feed, vendor, topics: [one], stray }) => {
      const strangers: string[] = [];
      const unexpected: string[] = [];
      const listening$ = feed([one]).pipe(
        tap((event) => {
          if (event.kind === 'unexpected') unexpected.push(topicKey(event.topic));
          if (isMarketEvent(event) && !dataOf(one)(event)) strangers.push(topicKey(topicOf(event)));
        }),
      );
      const push = (): void => {
        if (stray !== undefined) vendor.say(stray);
      };
      return following(listening$, vendor, [
        { when: dataOf(one), then: push },
        { when: (event) => dataOf(one)(event) && (stray === undefined || unexpected.length > 0), then: push },
        { when: dataOf(one) },
        { when: dataOf(one) },
        {
          when: dataOf(one),
          then: () => {
            expectEqual('data that nothing asked for', strangers, []);
            expectEqual('times it was said', unexpected.length, stray === undefined ? 0 : 1);
          },
        },
      ]);
    },
  },
  {
    name: 'names its feed in every event, and by one name',
    run: ({ feed, vendor, topics: [one] }) => {
      const names = new Set<unknown>();
      const named$ = feed([one]).pipe(
        tap((event) => {
          names.add(event.feed);
          expectEqual(`a name in ${event.kind}`, typeof event.feed === 'string' && event.feed !== '', true);
          expectEqual('names', names.size, 1);
        }),
      );
      return following(named$, vendor, [
        { when: dataOf(one), then: () => vendor.say('{"no": "frame of') },
        { when: eventOf('undecodable'), then: () => vendor.drop() },
        { when: eventOf('disconnected') },
        { when: eventOf('connected') },
        { when: dataOf(one) },
      ]);
    },
  },
];
