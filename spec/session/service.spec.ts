import type { Unexpected } from '../../lib/model/feedEvent.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import { emptyLedger, sent, type CommandRules, type Ledger } from '../../lib/session/ledger.js';
import { serviceOf } from '../../lib/session/service.js';
import { nothingWanted, wanting, type WantedState } from '../../lib/session/wanted.js';
import { aQuote, marbles } from '../../lib/testing/index.js';

const rules: CommandRules = { batches: (topics) => chunks(topics, 100), answersUnsubscribe: false };
const only = (topics: readonly Topic[]): WantedState => wanting(nothingWanted, topics);
const [apple] = quotes('AAPL.US') as [Topic];
const both = quotes('AAPL.US', 'MSFT.US');

/** What is wanted and asked for, with the command in flight. */
const asking = (topics: readonly Topic[]): Ledger => sent(emptyLedger, { op: 'subscribe', topics }, rules);
/** The same, when the command was answered. */
const asked = (topics: readonly Topic[]): Ledger => ({ ...asking(topics), pending: [] });

/** A service, and what it says, in words. */
const aService = () => {
  const log: string[] = [];
  const service = serviceOf('test', (news) => {
    const topics = news.kind === 'unexpected' ? [news.topic] : news.topics;
    log.push(`${news.kind} ${topics.map(({ symbol }) => symbol).join()}`);
  });
  return { ...service, log };
};

describe('serviceOf', () => {
  it('says of an accepted topic what is wanted, in its spelling, and once', () => {
    const { begins, log } = aService();
    const wanted = only(quotes('00700.HK'));
    begins(quotes('700.HK', 'AAPL.US'), wanted);
    begins(quotes('700.HK'), wanted);
    begins([], wanted);
    expect(log).toEqual(['subscribed 00700.HK']);
  });

  it('says nothing of the first data of a topic that was accepted, nor of the answer that comes after them', () => {
    const { begins, began, log } = aService();
    const wanted = only(both);
    began(apple, 1);
    began(apple, 2);
    begins(both, wanted);
    both.forEach((topic) => began(topic, 3));
    expect(log).toEqual(['subscribed AAPL.US', 'subscribed MSFT.US']);
  });

  it('says anew that a topic is served which was refused after all', () => {
    const { begins, ends, log } = aService();
    const wanted = only(both);
    begins(both, wanted);
    ends([apple]);
    begins(both, wanted);
    expect(log).toEqual(['subscribed AAPL.US,MSFT.US', 'subscribed AAPL.US']);
  });

  it(
    'tells the time of the data that began a service, and of the clock for an answer',
    marbles(({ cold, flush }) => {
      const news: unknown[] = [];
      const { begins, began } = serviceOf('test', (said) => news.push(said));
      cold('---x').subscribe(() => {
        began(apple, 1);
        begins(both, only(both));
      });
      flush();
      const said = { kind: 'subscribed', provider: 'test' };
      expect(news).toEqual([
        { ...said, receivedAt: 1, topics: [apple] },
        { ...said, receivedAt: 3, topics: quotes('MSFT.US') },
      ]);
    }),
  );

  describe('when what is wanted changes', () => {
    it('says what has left it, and nothing where nothing has', () => {
      const { begins, keepTo, log } = aService();
      const ledger = asked(both);
      begins(both, only(both));
      keepTo(only(both), ledger);
      keepTo(only(quotes('MSFT.US')), ledger);
      keepTo(only(quotes('MSFT.US')), ledger);
      expect(log).toEqual(['subscribed AAPL.US,MSFT.US', 'unsubscribed AAPL.US']);
    });

    it('says that a topic is served which is back before it was withdrawn', () => {
      const { begins, keepTo, log } = aService();
      const ledger = asked(both);
      begins(both, only(both));
      keepTo(only(quotes('MSFT.US')), ledger);
      keepTo(only(both), ledger);
      expect(log).toEqual(['subscribed AAPL.US,MSFT.US', 'unsubscribed AAPL.US', 'subscribed AAPL.US']);
    });

    it('says first what has left, then what is back', () => {
      const { begins, keepTo, log } = aService();
      const ledger = asked(both);
      begins(both, only(both));
      keepTo(only(quotes('MSFT.US')), ledger);
      keepTo(only([apple]), ledger);
      expect(log.slice(2)).toEqual(['unsubscribed MSFT.US', 'subscribed AAPL.US']);
    });

    it('says nothing of a topic that is back while its command is in flight', () => {
      const { keepTo, log } = aService();
      const ledger = asking(both);
      keepTo(only(quotes('MSFT.US')), ledger);
      keepTo(only(both), ledger);
      expect(log).toEqual([]);
    });

    it('says nothing of a topic that is to be asked for again, as it may have been refused', () => {
      const { keepTo, log } = aService();
      keepTo(only(both), { ...asked(both), toRetry: [[apple]] });
      expect(log).toEqual(['subscribed MSFT.US']);
    });
  });

  describe('what nothing asked for', () => {
    const strangers = (count: number): readonly Topic[] =>
      quotes(...Array.from({ length: count }, (_, i) => `S${i}.US`));

    it('is said once for each topic, not for each symbol', () => {
      const { unexpected, log } = aService();
      [...quotes('700.HK', '00700.HK'), ...trades('700.HK')].forEach((topic) => unexpected(topic, aQuote()));
      expect(log).toEqual(['unexpected 700.HK', 'unexpected 700.HK']);
    });

    it('is said of a thousand topics in a session, and of no more', () => {
      const { unexpected, log } = aService();
      strangers(1_001).forEach((topic) => unexpected(topic, aQuote()));
      expect(log).toHaveLength(1_000);
      expect(log.at(-1)).toBe('unexpected S999.US');
    });

    it('is said of a symbol of 64 characters, and not of a longer one', () => {
      const { unexpected, log } = aService();
      const [longest, longer] = [61, 62].map((length) => `${'X'.repeat(length)}.US`);
      for (const symbol of [longest, longer] as string[]) unexpected({ channel: 'quote', symbol }, aQuote());
      expect(log).toEqual([`unexpected ${longest}`]);
    });

    it('names the provider and the feed of the event, where that has one, and its time', () => {
      const news: unknown[] = [];
      const { unexpected } = serviceOf('test', (said) => news.push(said));
      const [named, nameless] = quotes('AAPL.US', 'MSFT.US') as [Topic, Topic];
      unexpected(named, aQuote({ provider: 'p', feed: 'f', receivedAt: 7 }));
      unexpected(nameless, aQuote({ provider: 'p', receivedAt: 8 }));
      const said: Omit<Unexpected, 'topic' | 'receivedAt'> = { kind: 'unexpected', provider: 'p', count: 1 };
      expect(news).toStrictEqual([
        { ...said, feed: 'f', receivedAt: 7, topic: named },
        { ...said, receivedAt: 8, topic: nameless },
      ]);
    });
  });
});
