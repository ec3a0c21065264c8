import {
  catchError,
  concat,
  concatMap,
  concatWith,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  map,
  NEVER,
  repeat,
  take,
  tap,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { isRecord } from '../../codec/json.js';
import type { Ask, RestAnswer } from '../../history/restClient.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { chunks } from '../../session/chunks.js';
import { joinedBy } from '../../session/joinedBy.js';
import type { WantedTopics } from '../../session/wanted.js';
import type { Session } from '../../transport/Session.js';
import { codeOf } from './protocol.js';
import { isUnknownSymbol } from './rest.js';

/** How many symbols are asked for at a time, and the weight of that (rest-api.md, "Exchange information"). */
const SYMBOLS_PER_REQUEST = 100;
const WEIGHT = 20;

/**
 * Has topics refused whose symbol does not exist: the vendor accepts a stream of any name, and never says a word in it. REST is asked
 * for the symbols that are wanted, of those not known to exist. Where it cannot be asked, nothing is refused.
 */
export const refuseUnknown = <In, Out>(
  wanted: WantedTopics,
  ask: Ask,
  /** Codes that exist: what a feed has learned in all its sessions. */
  known: Set<string>,
): OperatorFunction<Session<In, Out>, Session<In, Out>> => {
  const refuse = (codes: readonly string[], reason: string): void => {
    const topics = wanted.current.filter(({ symbol }) => codes.includes(codeOf(symbol)));
    if (topics.length > 0) wanted.refuse({ topics, reason });
  };

  const learn = (codes: readonly string[], { body: { symbols } }: RestAnswer): void => {
    if (!Array.isArray(symbols)) return;
    const listed = new Set(symbols.map((item) => (isRecord(item) ? item['symbol'] : undefined)));
    codes.filter((code) => listed.has(code)).forEach((code) => known.add(code));
    refuse(
      codes.filter((code) => !listed.has(code)),
      'Binance does not list the symbol; check the code',
    );
  };

  const check = (codes: readonly string[]): Observable<never> =>
    ask({
      path: '/exchangeInfo',
      params: { symbols: JSON.stringify(codes), showPermissionSets: 'false' },
      weight: WEIGHT,
    }).pipe(
      tap((answer) => learn(codes, answer)),
      ignoreElements(),
      catchError((error: unknown) => {
        if (!isUnknownSymbol(error)) return EMPTY;
        // It does not say which of them.
        const middle = Math.ceil(codes.length / 2);
        if (codes.length > 1) return concat(check(codes.slice(0, middle)), check(codes.slice(middle)));
        refuse(codes, error.reason);
        return EMPTY;
      }),
    );

  const isOpen = (topic: Topic): boolean => !wanted.state.refused.has(topicKey(topic));
  // Of changes during a check only the last counts: REST may take long to answer.
  const checks$ = defer(() => {
    let checked: readonly Topic[] | undefined;
    return wanted.topics$.pipe(
      // Topics that change no more are still those that were not looked at.
      concatWith(NEVER),
      filter((topics) => topics !== checked),
      take(1),
      concatMap((topics) => {
        checked = topics;
        const codes = [...new Set(topics.filter(isOpen).map(({ symbol }) => codeOf(symbol)))];
        return concat(
          ...chunks(
            codes.filter((code) => !known.has(code)),
            SYMBOLS_PER_REQUEST,
          ).map(check),
        );
      }),
      repeat(),
    );
  });
  return map((session) => ({ ...session, messages$: session.messages$.pipe(joinedBy(checks$)) }));
};
