import { BehaviorSubject, catchError, concat, defer, EMPTY, first, merge, takeUntil, tap, timer } from 'rxjs';
import { isFeedError } from '../../model/isRecoverable.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { shareFeed } from '../../share/shareFeed.js';
import { serviceCases } from './serviceCases.js';
import {
  dataOf,
  expectEqual,
  following,
  eventOf,
  keys,
  allDisconnected,
  reveals,
  logged,
  type ContractCase,
  type ContractVendor,
} from './stage.js';

/** After any kind of loss: the gap has its events with the cause, and every topic is asked for again. */
const lossCase = (what: string, lose: (vendor: ContractVendor) => void): ContractCase => ({
  name: `says the gap after ${what}, comes back, and asks for everything again`,
  run: ({ feed, vendor, topics: [one, two] }) =>
    following(feed([one, two]), vendor, [
      { when: dataOf(one) },
      { when: dataOf(two), then: () => lose(vendor) },
      {
        when: eventOf('disconnected'),
        then: (event) => expectEqual('cause', event?.kind === 'disconnected' && event.cause._tag, 'ConnectionLost'),
      },
      {
        when: eventOf('connected'),
        then: (event) => {
          const hole = event?.kind === 'connected' ? event.resumed : undefined;
          expectEqual('a hole with a beginning and an end', hole !== undefined && hole.from <= hole.to, true);
        },
      },
      { when: dataOf(one) },
      {
        when: dataOf(two),
        then: () => expectEqual('asked', [...vendor.asked].sort(), [...keys(one, one, two, two)].sort()),
      },
    ]),
});

/**
 * What every provider promises. Run each case against a vendor on a fake network with `runVirtually`, and against
 * a server with `runLive`.
 */
export const feedContract: readonly ContractCase[] = [
  {
    name: 'stays cold until it is subscribed and there is something to ask for',
    run: ({ feed, vendor, topics: [one] }) => {
      const topics$ = new BehaviorSubject<readonly Topic[]>([]);
      feed([one]);
      const asking$ = timer(1).pipe(
        tap(() => {
          expectEqual('sockets before the first topic', vendor.attempts, 0);
          topics$.next([one]);
        }),
      );
      return merge(
        asking$,
        following(feed(topics$), vendor, [
          { when: eventOf('connected'), then: () => expectEqual('sockets', vendor.attempts, 1) },
        ]),
      );
    },
  },
  {
    name: 'logs in, says connected, asks, and then brings data',
    run: ({ feed, vendor, topics: [one] }) =>
      following(feed([one]), vendor, [
        { when: (event) => event !== undefined, then: (event) => expectEqual('first event', event?.kind, 'connected') },
        { when: dataOf(one), then: () => expectEqual('asked', vendor.asked, keys(one)) },
      ]),
  },
  {
    name: 'asks for nothing before it is logged in',
    run: ({ feed, vendor, topics: [one] }) =>
      merge(
        vendor.live$.pipe(
          first((live) => live > 0),
          tap(() => expectEqual('asked before the login', vendor.asked, [])),
        ),
        following(feed([one]), vendor, [{ when: dataOf(one) }]),
      ),
  },
  {
    name: 'asks only for what is new, and unsubscribes from what is no longer wanted',
    run: ({ feed, vendor, topics: [one, two] }) => {
      const topics$ = new BehaviorSubject<readonly Topic[]>([one]);
      return following(feed(topics$), vendor, [
        { when: dataOf(one), then: () => topics$.next([one, two]) },
        { when: dataOf(two), then: () => topics$.next([two]) },
        { when: (event) => dataOf(two)(event) && vendor.unsubscribed.length > 0 },
        {
          when: (event) => event !== undefined,
          then: () =>
            expectEqual('asked, unsubscribed', [vendor.asked, vendor.unsubscribed], [keys(one, two), keys(one)]),
        },
      ]);
    },
  },
  lossCase('a drop', (vendor) => vendor.drop()),
  lossCase('a clean close', (vendor) => vendor.close()),
  {
    name: 'closes its connection when it is unsubscribed',
    run: ({ feed, vendor, topics: [one] }) =>
      concat(following(feed([one]), vendor, [{ when: dataOf(one) }]), allDisconnected(vendor)),
  },
  {
    name: 'tries no more when it is unsubscribed while it connects, or while it waits to try again',
    run: ({ feed, vendor, topics: [one] }) =>
      concat(
        feed([one]).pipe(takeUntil(timer(0))),
        following(feed([one]), vendor, [
          { when: dataOf(one), then: () => vendor.drop() },
          { when: eventOf('disconnected') },
        ]),
        defer(() => {
          const { attempts } = vendor;
          return timer(200).pipe(tap(() => expectEqual('sockets', vendor.attempts, attempts)));
        }),
        allDisconnected(vendor),
      ),
  },
  {
    name: 'ends at once when the credential is refused',
    secret: true,
    run: ({ feed, vendor, topics: [one] }) =>
      feed([one], 'a-wrong-credential').pipe(
        tap((event) => expectEqual('events before the error', event.kind, 'none')),
        catchError((error: unknown) => {
          expectEqual('error', isFeedError(error) ? error._tag : String(error), 'Unauthorized');
          expectEqual('sockets', vendor.attempts, 1);
          return EMPTY;
        }),
      ),
  },
  {
    name: 'survives junk, and says so',
    run: ({ feed, vendor, topics: [one] }) =>
      following(feed([one]), vendor, [
        { when: dataOf(one), then: () => vendor.say('{"no": "frame of') },
        { when: eventOf('undecodable'), then: () => vendor.say('[[[17]]]') },
        { when: eventOf('undecodable') },
        { when: dataOf(one), then: () => expectEqual('sockets', vendor.attempts, 1) },
      ]),
  },
  {
    name: 'says which topic was refused while the rest streams on, and does not ask again after a drop',
    run: ({ feed, vendor, topics: [one], unserved }) => {
      let askedFor = 0;
      const timesAsked = (): number => vendor.asked.filter((key) => key === topicKey(unserved)).length;
      return following(feed([one, unserved]), vendor, [
        {
          when: eventOf('refused'),
          then: (event) =>
            expectEqual('refused', event?.kind === 'refused' && event.topics.map(topicKey), keys(unserved)),
        },
        {
          when: dataOf(one),
          then: () => {
            askedFor = timesAsked();
            vendor.drop();
          },
        },
        { when: eventOf('connected') },
        { when: dataOf(one), then: () => expectEqual('times asked for what was refused', timesAsked(), askedFor) },
      ]);
    },
  },
  ...serviceCases,
  {
    name: 'never says the credential',
    secret: true,
    run: ({ feed, vendor, credential = '', topics: [one] }) => {
      const revealed: string[] = [];
      const listening$ = feed([one]).pipe(
        tap((event) => {
          if (reveals(event, credential)) revealed.push(logged(event));
        }),
      );
      const fails$ = feed([one], 'a-wrong-credential').pipe(
        catchError((error: unknown) => {
          expectEqual('credential in the error', reveals(error, 'a-wrong-credential'), false);
          return EMPTY;
        }),
      );
      return concat(
        following(listening$, vendor, [
          { when: dataOf(one), then: () => vendor.say(JSON.stringify({ junk: credential })) },
          { when: eventOf('undecodable'), then: () => vendor.drop() },
          { when: eventOf('connected') },
          {
            when: dataOf(one),
            then: () => expectEqual('events with the credential', revealed, []),
          },
        ]),
        fails$,
      );
    },
  },
  {
    name: 'needs one connection and one subscription under shareFeed',
    run: ({ feed, vendor, topics: [one, two] }) => {
      const shared = shareFeed((topics$) => feed(topics$));
      const second$ = shared.watch([one, two]);
      return concat(
        merge(
          following(shared.watch([one]), vendor, [{ when: dataOf(one) }, { when: dataOf(one) }]),
          following(second$, vendor, [{ when: dataOf(one) }, { when: dataOf(two) }]),
        ),
        defer(() => {
          expectEqual('sockets', vendor.attempts, 1);
          expectEqual('asked', [...vendor.asked].sort(), [...keys(one, two)].sort());
          return EMPTY;
        }),
        allDisconnected(vendor),
      );
    },
  },
];
