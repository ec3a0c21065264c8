import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { ContractCase } from '../../../lib/testing/contract/stage.js';
import { feedContract } from '../../../lib/testing/contract/feedContract.js';
import { runVirtually } from '../../../lib/testing/contract/describeFeed.js';
import { entriesOf } from '../../record/aTape.js';
import { binanceFeed, binanceTaped } from './binanceStages.js';
import { itickFeed, itickTaped } from './itickStages.js';
import { saidAgain, type Taped } from './taped.js';
import { tickflowFeed, tickflowTaped } from './tickflowStages.js';

const providers = [
  { name: 'itick', taped: itickTaped, makeFeed: itickFeed, clauses: feedContract },
  { name: 'tickflow', taped: tickflowTaped, makeFeed: tickflowFeed, clauses: feedContract },
  {
    name: 'binance',
    taped: binanceTaped,
    makeFeed: binanceFeed,
    clauses: feedContract.filter(({ secret }) => !secret),
  },
];
const json = (value: unknown): string => JSON.stringify(value);

/** When it would have tried again is on no tape that ended before. */
const untilItsEnd = (said: readonly unknown[]): readonly unknown[] =>
  said.map((one, index) =>
    index === said.length - 1 && (one as FeedEvent).kind === 'disconnected'
      ? { ...(one as FeedEvent), retryAt: 0 }
      : one,
  );

/**
 * A list that changes is known to half a millisecond, and the vendor of these stages answers in none: on the tape its answer
 * may come before the question. What becomes of the topics is told all the same, in its order.
 */
const ofTopics = (said: readonly unknown[]): readonly unknown[] =>
  said.flatMap((one) => {
    const event = one as FeedEvent;
    return event.kind === 'subscribed' || event.kind === 'unsubscribed' ? [[event.kind, event.topics]] : [];
  });
const untimed = (said: readonly unknown[]): readonly unknown[] =>
  said.filter((one) => !['subscribed', 'unsubscribed'].includes((one as FeedEvent).kind));

describe.each(providers)('the feed contract, kept by $name on cassettes', ({ taped, makeFeed, clauses }) => {
  const tapesOf = (clause: ContractCase): { readonly credential: string; readonly tapes: readonly Taped[] } => {
    let credential = '';
    let tapes: readonly Taped[] = [];
    runVirtually(clause, () => {
      const set = taped();
      credential = set.stage.credential ?? '';
      tapes = set.tapes;
      return set.stage;
    })();
    return { credential, tapes };
  };

  it.each(clauses.map((clause) => [clause.name, clause] as const))('%s', async (_, clause) => {
    const { tapes } = tapesOf(clause);
    expect(tapes.length).toBeGreaterThan(0);
    for (const tape of tapes) {
      const [live, replayed] = [tape.said, await saidAgain(tape, makeFeed)].map(untilItsEnd);
      expect(ofTopics(replayed ?? [])).toEqual(ofTopics(live ?? []));
      const [said, again] = tape.topics ? [live, replayed] : [untimed(live ?? []), untimed(replayed ?? [])];
      expect(again).toEqual(said);
      expect(json(again)).toBe(json(said));
    }
  });

  it('with no credential in any of them', () => {
    for (const { credential, tapes } of clauses.map(tapesOf)) {
      const text = json(
        tapes.map(({ cassette, said }) => [entriesOf(cassette()), said.map((one) => [one, String(one)])]),
      );
      for (const form of [credential, encodeURIComponent(credential), 'a-wrong-credential'].filter(Boolean)) {
        expect(text).not.toContain(form);
      }
    }
  });
});
