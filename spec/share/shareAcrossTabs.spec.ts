import { flattenError } from '../../lib/model/errorData.js';
import * as fc from 'fast-check';
import { EMPTY, NEVER, Observable, Subject, type Subscription } from 'rxjs';
import { ConnectionLost, InvalidOption, InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Trade } from '../../lib/model/marketEvent.js';
import { quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import type { SharedFeed } from '../../lib/share/shareFeed.js';
import { shareAcrossTabs, type TabsOptions } from '../../lib/share/shareAcrossTabs.js';
import { PROTOCOL } from '../../lib/share/tabs/channel.js';
import type { TabLocks, TabTools } from '../../lib/share/tabs/TabTools.js';
import { aTrade } from '../../lib/testing/builders.js';
import { connected, disconnected, refused } from './linkEvents.js';
import { aBrowser } from './tabs/aBrowser.js';

const apple = trades('AAPL.US');
const tencent = trades('700.HK');
const an = (price: number) => aTrade({ symbol: 'AAPL.US', price, receivedAt: Date.now() });
const ten = (price: number) => aTrade({ symbol: '700.HK', price, receivedAt: Date.now() });
const live = () => ({ ...connected, receivedAt: Date.now() });

/** Long enough for every word and every lock to arrive, and short enough that time hardly passes. */
const settled = () => jest.advanceTimersByTimeAsync(50);

/** A vendor, and the sockets that tabs have to it. */
const aVendor = () => {
  const sockets: { readonly say: (event: FeedEvent) => void; readonly end: Subject<FeedEvent>; topics: string[] }[] =
    [];
  const makeFeed = (topics$: Observable<readonly Topic[]>) =>
    new Observable<FeedEvent>((subscriber) => {
      const end = new Subject<FeedEvent>();
      const socket = { say: (event: FeedEvent) => subscriber.next(event), end, topics: [] as string[] };
      sockets.push(socket);
      subscriber.add(end.subscribe(subscriber));
      subscriber.add(topics$.subscribe((topics) => (socket.topics = topics.map(topicKey).sort())));
      subscriber.add(() => sockets.splice(sockets.indexOf(socket), 1));
      subscriber.next(live());
    });
  const said: Trade[] = [];
  const say = (event: FeedEvent) => {
    if (event.kind === 'trade') said.push(event);
    sockets.forEach((socket) => socket.say(event));
  };
  return { sockets, makeFeed, said, say };
};

/** What a watcher has heard: `c`, `x` and `r` for the link, a price for a trade, `#` and `|` for the end. */
const listening = (desk: SharedFeed, topics: readonly Topic[]) => {
  const events: FeedEvent[] = [];
  const heard: string[] = [];
  const subscription: Subscription = desk.watch(topics).subscribe({
    next: (event) => {
      events.push(event);
      heard.push(event.kind === 'trade' ? `${event.price}` : (letters[event.kind] ?? event.kind));
    },
    error: (error: unknown) => heard.push(`# ${String(error)}`),
    complete: () => heard.push('|'),
  });
  return { events, heard: () => heard.join(' '), leave: () => subscription.unsubscribe() };
};
const letters: Record<string, string> = { connected: 'c', disconnected: 'x', refused: 'r', latency: 'l' };

const aWorld = () => {
  const browser = aBrowser();
  const vendor = aVendor();
  const open = (options: Partial<TabsOptions> = {}) => {
    const tab = browser.openTab();
    const fallbacks: string[] = [];
    const onFallback = (reason: string) => fallbacks.push(reason);
    const desk = shareAcrossTabs(vendor.makeFeed, { name: 'test', onFallback, ...tab.tools, ...options });
    return { ...tab, ...desk, fallbacks, listen: (topics: readonly Topic[]) => listening(desk, topics) };
  };
  return { browser, vendor, open };
};

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

describe('shareAcrossTabs', () => {
  it('does nothing until somebody watches', async () => {
    const { browser, vendor, open } = aWorld();
    open().watch(apple);
    await settled();
    expect([vendor.sockets.length, browser.left()]).toEqual([0, { locks: 0, channels: 0 }]);
  });

  it('is a shared feed in a tab that is alone, and says no event to nobody', async () => {
    const { browser, vendor, open } = aWorld();
    const tab = open();
    const first = tab.listen(apple);
    await settled();
    vendor.say(an(1));
    vendor.say(ten(2));
    const late = tab.listen(apple);
    await settled();
    vendor.say(an(3));
    expect([first.heard(), late.heard()]).toEqual(['c 1 3', 'c 1 3']);
    expect(browser.said.filter(({ events }) => events)).toEqual([]);
  });

  it('holds one socket for two tabs, asks for what both want, and hands each its own', async () => {
    const { vendor, open } = aWorld();
    const [one, other] = [open().listen(apple), open().listen([...tencent, ...apple])];
    await settled();
    expect(vendor.sockets.map(({ topics }) => topics)).toEqual([['trade 700.HK', 'trade AAPL.US']]);
    vendor.say(an(1));
    vendor.say(ten(2));
    await settled();
    expect([one.heard(), other.heard()]).toEqual(['c 1', 'c 1 2']);
  });

  it('tells a tab that comes late how the link is and what it has missed, as long as it is so', async () => {
    const { vendor, open } = aWorld();
    open().listen(apple);
    await settled();
    vendor.say(an(1));
    vendor.say(an(2));
    const late = open().listen(apple);
    await settled();
    vendor.say({ ...disconnected, cause: flattenError(new ConnectionLost(4001, 'bye')) });
    await settled();
    const later = open().listen(apple);
    await settled();
    expect([late.heard(), later.heard()]).toEqual(['c 2 x', '2 x']);
    expect(later.events[1]).toEqual({ ...disconnected, cause: flattenError(new ConnectionLost(4001, 'bye')) });
  });

  it('goes on when the leader dies whose first word is still on its way', async () => {
    const { vendor, open } = aWorld();
    const leading = open();
    leading.listen(tencent);
    await jest.advanceTimersByTimeAsync(0);
    const other = open().listen(apple);
    await jest.advanceTimersByTimeAsync(1);
    leading.crash();
    await settled();
    vendor.say(an(1));
    await settled();
    expect(other.heard()).toMatch(/c 1$/);
  });

  it('says nothing twice to who asks for what others watch already', async () => {
    const { vendor, open } = aWorld();
    open().listen([...apple, ...tencent]);
    const tab = open();
    const first = tab.listen(apple);
    await settled();
    vendor.say(ten(1));
    const second = tab.listen(tencent);
    vendor.say(ten(2));
    await jest.advanceTimersByTimeAsync(1);
    vendor.say(ten(3));
    await settled();
    vendor.say(ten(4));
    vendor.say(an(5));
    await settled();
    expect([first.heard(), second.heard()]).toEqual(['c 5', 'c 2 3 4']);
  });

  it('keeps to each tab’s own spelling', async () => {
    const { vendor, open } = aWorld();
    const [one, other] = [open().listen(tencent), open().listen(trades('00700.HK'))];
    await settled();
    vendor.say(ten(1));
    await settled();
    expect([one.events[1], other.events[1]]).toMatchObject([{ symbol: '700.HK' }, { symbol: '00700.HK' }]);
  });

  it('follows what is wanted in every tab as it changes', async () => {
    const { vendor, open } = aWorld();
    const [one, other] = [open(), open()];
    one.listen(apple);
    const leaving = other.listen(tencent);
    await settled();
    other.listen(quotes('AAPL.US'));
    await settled();
    leaving.leave();
    await settled();
    expect(vendor.sockets.map(({ topics }) => topics)).toEqual([['quote AAPL.US', 'trade AAPL.US']]);
  });

  it('tells a refusal to the tabs that watch the topic, also to late ones', async () => {
    const { vendor, open } = aWorld();
    const [one, other] = [open().listen(apple), open().listen(tencent)];
    await settled();
    vendor.say(refused(...tencent));
    await settled();
    const late = open().listen([...apple, ...tencent]);
    await settled();
    expect([one.heard(), other.heard(), late.heard()]).toEqual(['c', 'c r', 'c r']);
  });

  it.each(['leave', 'crash'] as const)('survives the end of the leader by %s: the others see a gap', async (way) => {
    const { vendor, open } = aWorld();
    const [leader, second, third] = [open(), open(), open()];
    const first = leader.listen(apple);
    await settled();
    const [one, other] = [second.listen(apple), third.listen([...apple, ...tencent])];
    await settled();
    vendor.say(an(1));
    const heardAt = Date.now();
    await jest.advanceTimersByTimeAsync(5_000);
    if (way === 'crash') leader.crash();
    const lostAt = Date.now();
    first.leave();
    await settled();
    expect(vendor.sockets.map(({ topics }) => topics)).toEqual([['trade 700.HK', 'trade AAPL.US']]);
    vendor.say(an(2));
    vendor.say(ten(3));
    await settled();
    expect([first.heard(), one.heard(), other.heard()]).toEqual(['c 1', 'c 1 x c 2', 'c 1 x c 2 3']);
    for (const { events } of [one, other]) {
      expect(events[2]).toMatchObject({
        attempt: 1,
        cause: flattenError(new ConnectionLost(1001, 'the leading tab closed')),
      });
      const { resumed } = events[3] as typeof connected;
      expect(resumed?.from).toBe(heardAt);
      expect(resumed?.to).toBeGreaterThanOrEqual(lostAt);
    }
  });

  it.each(['leave', 'crash'] as const)('withdraws what a follower wanted that is gone by %s', async (way) => {
    const { vendor, open } = aWorld();
    open().listen(apple);
    await settled();
    const tab = open();
    const follower = tab.listen(tencent);
    await settled();
    if (way === 'crash') tab.crash();
    else follower.leave();
    await settled();
    expect(vendor.sockets.map(({ topics }) => topics)).toEqual([['trade AAPL.US']]);
  });

  it('bridges a handover in the middle of an outage: one hole, from what was last heard', async () => {
    const { vendor, open } = aWorld();
    const leading = open().listen(apple);
    await settled();
    const one = open().listen(apple);
    await settled();
    vendor.say(an(1));
    const from = Date.now();
    await jest.advanceTimersByTimeAsync(500);
    vendor.say({ ...disconnected, receivedAt: Date.now() });
    await settled();
    leading.leave();
    await settled();
    expect(one.heard()).toBe('c 1 x c');
    expect(one.events[3]).toMatchObject({ resumed: { from } });
  });

  it('hands a final error to all tabs, and none of them tries again', async () => {
    const { browser, vendor, open } = aWorld();
    const tabs = [open().listen(apple), open().listen(apple), open().listen(tencent)];
    await settled();
    let feeds = 0;
    const { push } = vendor.sockets;
    vendor.sockets.push = (...sockets) => (feeds++, push.apply(vendor.sockets, sockets));
    vendor.sockets[0]!.end.error(new Unauthorized('expired', 401));
    await settled();
    expect(tabs.map(({ heard }) => heard())).toEqual(tabs.map(() => `c # ${String(new Unauthorized('expired', 401))}`));
    await jest.advanceTimersByTimeAsync(2_000);
    expect([feeds, vendor.sockets.length, browser.left()]).toEqual([0, 0, { locks: 0, channels: 0 }]);
  });

  it('tries again for who watches after the end', async () => {
    const { vendor, open } = aWorld();
    const [one, other] = [open(), open()];
    one.listen(apple);
    other.listen(apple);
    await settled();
    vendor.sockets[0]!.end.error(new Unauthorized('expired'));
    await jest.advanceTimersByTimeAsync(2_000);
    const again = [other.listen(apple), one.listen(apple)];
    await settled();
    expect([vendor.sockets.length, ...again.map(({ heard }) => heard())]).toEqual([1, 'c', 'c']);
  });

  it('does not wait for ever for a tab that never hears of the end', async () => {
    const { vendor, open } = aWorld();
    const [leader, deaf] = [open(), open()];
    leader.listen(apple);
    await settled();
    deaf.listen(apple);
    await settled();
    deaf.deafen();
    vendor.sockets[0]!.end.error(new Unauthorized('expired'));
    const again = open().listen(apple);
    await settled();
    expect(again.heard()).toBe('');
    await jest.advanceTimersByTimeAsync(2_000);
    expect(vendor.sockets.length).toBe(1);
  });

  it('completes in all tabs when the feed does', async () => {
    const { vendor, open } = aWorld();
    const tabs = [open().listen(apple), open().listen(apple)];
    await settled();
    vendor.sockets[0]!.end.complete();
    await settled();
    expect(tabs.map(({ heard }) => heard())).toEqual(['c |', 'c |']);
  });

  it('passes on what is thrown while the feed is being made, and an end while it is subscribed to', async () => {
    const { browser } = aWorld();
    const error = new InvalidTopic('x', 'no');
    const tab = browser.openTab();
    const failing = listening(
      shareAcrossTabs(
        () => {
          throw error;
        },
        { name: 'failing', ...tab.tools },
      ),
      apple,
    );
    const empty = listening(
      shareAcrossTabs(() => EMPTY, { name: 'empty', ...tab.tools }),
      apple,
    );
    await settled();
    expect([failing.heard(), empty.heard()]).toEqual([`# ${String(error)}`, '|']);
  });

  it('keeps feeds of different names apart', async () => {
    const { vendor, open } = aWorld();
    open({ name: 'one' }).listen(apple);
    open({ name: 'other' }).listen(apple);
    await settled();
    expect(vendor.sockets.length).toBe(2);
  });

  it('lets the topics of a tab linger, and leaves nothing behind', async () => {
    const { browser, vendor, open } = aWorld();
    const tabs = [open({ linger: 500 }), open({ linger: 500 })];
    const watchers = tabs.map((tab) => tab.listen(apple));
    await settled();
    watchers.forEach(({ leave }) => leave());
    await settled();
    expect(vendor.sockets.length).toBe(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([vendor.sockets.length, browser.left(), jest.getTimerCount()]).toEqual([0, { locks: 0, channels: 0 }, 0]);
  });

  it('takes back what it has asked for when it is left at once', async () => {
    const { browser, vendor, open } = aWorld();
    open().listen(apple).leave();
    await settled();
    const tab = open().listen(apple);
    await jest.advanceTimersByTimeAsync(0);
    tab.leave();
    await settled();
    expect([vendor.sockets.length, browser.left()]).toEqual([0, { locks: 0, channels: 0 }]);
  });

  it.each(['', undefined, 5])('refuses the name %p', (name) => {
    expect(() => shareAcrossTabs(() => NEVER, { name: name as string })).toThrow(InvalidOption);
  });

  it('refuses a linger that is no time, and no topics', () => {
    expect(() => shareAcrossTabs(() => NEVER, { name: 'a', linger: -1 })).toThrow(InvalidOption);
    expect(() => shareAcrossTabs(() => NEVER, { name: 'a' }).watch([])).toThrow(InvalidTopic);
  });
});

describe('a tab that cannot take part', () => {
  const insecure = new DOMException('denied', 'SecurityError');
  const denied = () => {
    throw insecure;
  };
  const never: TabLocks = { request: () => new Promise(() => undefined) };
  const cases: readonly (readonly [string, TabTools, string])[] = [
    ['has no locks', { locks: undefined }, 'there are no Web Locks here'],
    ['is refused the locks', { locks: { request: () => Promise.reject(insecure) } }, 'the Web Locks are refused'],
    ['is refused the locks at once', { locks: { request: denied } }, 'the Web Locks are refused'],
    ['is refused the channel', { locks: never, openChannel: denied }, 'no channel can be opened'],
  ];

  it.each(cases)('has a feed of its own, and says why, when it %s', async (_, tools, why) => {
    const { browser, vendor, open } = aWorld();
    open().listen(apple);
    const tab = open(tools);
    const own = tab.listen(apple);
    await settled();
    own.leave();
    await settled();
    const again = tab.listen(apple);
    await settled();
    expect([vendor.sockets.length, again.heard(), tab.fallbacks.length]).toEqual([2, 'c', 1]);
    expect(tab.fallbacks[0]).toContain(why);
    again.leave();
    await settled();
    expect([vendor.sockets.length, browser.left()]).toEqual([1, { locks: 2, channels: 1 }]);
  });

  it('has a feed of its own without a BroadcastChannel', async () => {
    const { vendor, open } = aWorld();
    const known = Object.getOwnPropertyDescriptor(globalThis, 'BroadcastChannel')!;
    Reflect.deleteProperty(globalThis, 'BroadcastChannel');
    try {
      const tab = open({ openChannel: undefined });
      tab.listen(apple);
      await settled();
      expect([vendor.sockets.length, tab.fallbacks]).toEqual([1, ['there is no BroadcastChannel here']]);
    } finally {
      Object.defineProperty(globalThis, 'BroadcastChannel', known);
    }
  });

  it('takes what the platform has when nothing is given', async () => {
    const { vendor, open } = aWorld();
    const known = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    const { locks } = aBrowser().openTab().tools;
    Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
    try {
      const tab = open({ locks: undefined, openChannel: undefined });
      const alone = tab.listen(apple);
      await settled();
      expect([vendor.sockets.length, alone.heard(), tab.fallbacks]).toEqual([1, 'c', []]);
      alone.leave();
      await settled();
      expect(vendor.sockets.length).toBe(0);
    } finally {
      if (known) Object.defineProperty(globalThis, 'navigator', known);
      else Reflect.deleteProperty(globalThis, 'navigator');
    }
  });

  it('says it on the console, where nobody listens', async () => {
    const { vendor, open } = aWorld();
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    open({ locks: undefined, onFallback: undefined }).listen(apple);
    await settled();
    expect([vendor.sockets.length, warn.mock.calls]).toEqual([
      1,
      [['rxtape: this tab has a connection of its own: there are no Web Locks here']],
    ]);
    warn.mockRestore();
  });

  it('passes on the end of its own feed', async () => {
    const { vendor, open } = aWorld();
    const own = open({ locks: undefined }).listen(apple);
    await settled();
    vendor.sockets[0]!.end.error(new Unauthorized('expired'));
    expect(own.heard()).toBe(`c # ${String(new Unauthorized('expired'))}`);
  });
});

describe('tabs with different versions of the app', () => {
  it('do not follow a leader of another version, and say so once', async () => {
    const { browser, vendor, open } = aWorld();
    const tab = open();
    const watcher = tab.listen(apple);
    await settled();
    vendor.say(an(1));
    browser.say({ rxtape: PROTOCOL + 1, kind: 'leading', from: 'x' });
    await settled();
    expect([watcher.heard(), vendor.sockets.length, tab.fallbacks.length]).toEqual(['c 1 x c', 1, 1]);
    expect(watcher.events[2]).toMatchObject({ cause: flattenError(new ConnectionLost(1006, tab.fallbacks[0])) });
    expect(browser.left()).toEqual({ locks: 0, channels: 0 });
  });

  it('tell a stranger that they lead', async () => {
    const { browser, open } = aWorld();
    open().listen(apple);
    await settled();
    const before = browser.said.length;
    browser.say({ rxtape: PROTOCOL + 1, kind: 'topics', from: 'x', topics: 'in another form' });
    await settled();
    expect(browser.said.slice(before)).toMatchObject([{ rxtape: PROTOCOL, kind: 'leading' }]);
  });

  it('ignore what is no message', async () => {
    const { browser, vendor, open } = aWorld();
    const watcher = open().listen(apple);
    await settled();
    for (const junk of [
      'hello',
      null,
      {},
      { rxtape: PROTOCOL },
      { rxtape: PROTOCOL, kind: 'topics', from: 'x', topics: [] },
    ])
      browser.say(junk);
    await settled();
    vendor.say(an(1));
    expect(watcher.heard()).toBe('c 1');
  });
});

describe('a page that is frozen', () => {
  const page = new EventTarget();
  beforeEach(() => Object.assign(globalThis, { window: page, document: {} }));
  afterEach(() => ['window', 'document'].forEach((name) => Reflect.deleteProperty(globalThis, name)));

  it.each([
    ['freeze', 'resume'],
    ['pagehide', 'pageshow'],
  ])('gives everything up at %s, and takes part again at %s, with a gap between', async (freeze, resume) => {
    const { browser, vendor, open } = aWorld();
    const watcher = open().listen(apple);
    await settled();
    vendor.say(an(1));
    const from = Date.now();
    page.dispatchEvent(new Event(freeze));
    // At once: nothing runs any more until the page is back.
    expect([watcher.heard(), vendor.sockets.length]).toEqual(['c 1 x', 0]);
    await settled();
    expect(browser.left()).toEqual({ locks: 0, channels: 0 });
    await jest.advanceTimersByTimeAsync(60_000);
    page.dispatchEvent(new Event(resume));
    await settled();
    vendor.say(an(2));
    expect([watcher.heard(), vendor.sockets.length]).toEqual(['c 1 x c 2', 1]);
    expect(watcher.events[2]).toMatchObject({ cause: flattenError(new ConnectionLost(1006, 'the page is frozen')) });
    expect(watcher.events[3]).toMatchObject({ resumed: { from } });
    watcher.leave();
    await settled();
    expect([vendor.sockets.length, jest.getTimerCount()]).toEqual([0, 0]);
  });
});

const isTradeOf = (symbol: string, event: FeedEvent) => event.kind === 'trade' && event.symbol === symbol;

/** Ten tabs; each move lets a watcher of a tab come or go, or ends a tab by crash, or lets time pass. */
const TABS = 10;
const universe = [...trades('AAPL.US', '700.HK', 'MSFT.US'), ...quotes('AAPL.US')];
const move = fc.record({
  tab: fc.nat(TABS - 1),
  topics: fc.subarray(universe, { minLength: 1 }),
  crashes: fc.constantFrom(true, false, false, false, false),
  wait: fc.constantFrom(0, 0, 1, 3, 50),
});

describe('ten tabs', () => {
  it('have at any quiet moment one feed for all that is watched, and miss nothing that is not announced', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
        const { browser, vendor, open } = aWorld();
        const tabs = Array.from({ length: TABS }, () => open());
        const gone = new Set<number>();
        const watchers = new Map<number, { topics: readonly Topic[] } & ReturnType<typeof listening>>();
        let price = 0;
        for (const { tab, topics, crashes, wait } of moves) {
          const there = watchers.get(tab);
          if (there && crashes) {
            tabs[tab]!.crash();
            gone.add(tab);
          }
          if (there) there.leave();
          if (there) watchers.delete(tab);
          else if (!gone.has(tab)) watchers.set(tab, { topics, ...tabs[tab]!.listen(topics) });
          await jest.advanceTimersByTimeAsync(wait);
          if (wait < 50) {
            vendor.say(an(++price));
            continue;
          }
          const wanted = [...new Set([...watchers.values()].flatMap((watcher) => watcher.topics.map(topicKey)))].sort();
          expect(vendor.sockets.map(({ topics }) => topics)).toEqual(watchers.size === 0 ? [] : [wanted]);
          const marks = universe
            .filter(({ channel }) => channel === 'trade')
            .map(({ symbol }) => aTrade({ symbol, price: ++price }));
          marks.forEach(vendor.say);
          await settled();
          for (const { topics: own, events } of watchers.values()) {
            const due = marks.filter(({ symbol }) =>
              own.some((topic) => topic.channel === 'trade' && topic.symbol === symbol),
            );
            expect(events.slice(events.length - due.length)).toEqual(due);
          }
        }
        for (const { events } of watchers.values()) {
          for (const { symbol } of universe) {
            const said = vendor.said.filter((event) => event.symbol === symbol).map((event) => event.price);
            const heard = events.filter((event) => event.kind === 'connected' || isTradeOf(symbol, event));
            heard.forEach((event, i) => {
              const before = heard[i - 1];
              if (event.kind !== 'trade' || before === undefined) return;
              if (before.kind === 'trade') expect(said[said.indexOf(before.price) + 1]).toBe(event.price);
            });
          }
          expect(
            events.every((event, i) => i === 0 || event.kind !== 'connected' || events[i - 1]?.kind === 'disconnected'),
          ).toBe(true);
        }
        watchers.forEach(({ leave }) => leave());
        await jest.advanceTimersByTimeAsync(2_000);
        expect([vendor.sockets.length, browser.left()]).toEqual([0, { locks: 0, channels: 0 }]);
      }),
      { numRuns: 60 },
    );
  });
});
