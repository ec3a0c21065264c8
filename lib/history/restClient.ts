import {
  catchError,
  defer,
  map,
  of,
  retry,
  switchMap,
  tap,
  throwError,
  timeout,
  finalize,
  asyncScheduler,
  type Observable,
} from 'rxjs';
import { isRecord, valueIn } from '../codec/json.js';
import { retryAfter, waitIn } from '../model/retryAfter.js';
import { withCredential, type Credential } from '../session/credential.js';
import { redacting } from '../session/redacting.js';
import { quoted, type Redact } from '../session/undecodable.js';
import { failureOf, readAnswer } from './readAnswer.js';
import { fingerprint, withBudget, type Budget } from './budget.js';
import { HistoryRefused, HistoryUnavailable } from './errors.js';
import type { HistoryFetch, HistoryRequest } from './HistoryFetch.js';

/** What a vendor's answer says against the request. */
export interface Objection {
  /** `credential`: it will be refused again. `slow`: too many requests. `request`: this one only. */
  readonly about: 'credential' | 'slow' | 'request';
  readonly code?: string | undefined;
  readonly reason: string;
  /** Milliseconds that it asks us to wait, where its text says that in a way of its own. */
  readonly wait?: number | undefined;
}

/** How a vendor's REST interface is reached, and what its answers mean. */
export interface RestOptions {
  readonly provider: string;
  /** Scheme, host and path before the path of a request. */
  readonly url: string;
  /** The header in which the credential travels, and the credential; absent for a vendor that asks for none. */
  readonly header?: string | undefined;
  readonly credential?: Credential | undefined;
  readonly limits: { readonly calls: number; readonly per: number };
  readonly fetch: HistoryFetch | undefined;
  /**
   * Whether an answer may be an array.
   *
   * @defaultValue `false`
   */
  readonly lists?: boolean | undefined;
  /** What the vendor's own words in an answer say against the request; undefined where there are none. */
  readonly objectionIn: (body: Readonly<Record<string, unknown>>) => Objection | undefined;
}

/** One request. */
export interface RestQuery {
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number>>;
  /** What is sent as JSON, by `POST`. */
  readonly body?: unknown;
  /**
   * How many calls of the budget it counts for, where the vendor weighs requests.
   *
   * @defaultValue `1`
   */
  readonly weight?: number | undefined;
}

/** What a vendor answered with HTTP 200: a JSON object, or an array. */
export interface RestAnswer {
  /** The object; empty where the answer is an array. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The items of the array; undefined where the answer is an object. */
  readonly items: readonly unknown[] | undefined;
  readonly receivedAt: number;
  readonly redact: Redact;
}

/** Asks once for each subscription; fails with `HistoryRefused` and `HistoryUnavailable`, which hold no credential. */
export type Ask = (query: RestQuery) => Observable<RestAnswer>;

/** Milliseconds for a whole answer. */
const TIMEOUT = 30_000;
/** So many times a request is sent again that was one too many. */
const MOST_RETRIES = 3;
/** Refused credentials, of a function that supplies one after another. */
const MEMORY = 100;

/**
 * A vendor's REST interface. All requests with one credential share one budget, and what comes too fast is sent again when
 * the vendor allows it; nothing else is repeated. A credential that was refused is not sent again.
 */
export const restClient = (options: RestOptions): Ask => {
  const { provider, url, header, credential, limits, fetch, lists = false, objectionIn } = options;
  const refused = new Map<string, HistoryRefused>();

  const remember = (key: string, error: HistoryRefused): void => {
    if (refused.size >= MEMORY) refused.clear();
    refused.set(key, error);
  };

  return ({ path, params = {}, body, weight }) =>
    withCredential(credential, (secret) => {
      const redact = redacting(secret);
      const query = new URLSearchParams(
        Object.entries(params).map(([name, value]) => [name, String(value)]),
      ).toString();
      const address = `${url}${path}${query === '' ? '' : `?${query}`}`;
      const print = fingerprint(secret);
      // HTTP 403 is often about one part of what a plan covers; a part has a path for one symbol, and one for several.
      const part = path.replace(/s?(?:\/batch)?$/, '');
      const known = (): HistoryRefused | undefined => refused.get(print) ?? refused.get(`${print} ${part}`);
      const throwIfKnown = (): void => {
        const before = known();
        if (before) throw before;
      };
      const request = {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json',
          ...(header !== undefined && { [header]: secret.trim() }),
          ...(body !== undefined && JSON_BODY),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
      } as const;

      const judged = (raw: RawAnswer, budget: Budget): RestAnswer => {
        const receivedAt = asyncScheduler.now();
        const answer = valueIn(raw.text);
        const isFine = raw.status >= 200 && raw.status < 300;
        const status = isFine ? undefined : raw.status;
        const objection = isRecord(answer) ? objectionIn(answer) : undefined;
        const { code, reason = isFine ? '' : raw.text.trim() } = objection ?? {};
        const about = objection && (isFine || objection.about !== 'request') ? objection.about : aboutOf(raw.status);
        const said = longest(objection?.wait, waitIn(reason.slice(0, READ)));
        const asked = longest(retryAfter(raw.retryAfter, receivedAt), said);
        if (about === 'slow' || (!isFine && raw.retryAfter !== undefined)) {
          const wait = budget.slowDown(asked);
          if (about === 'slow') throw new HistoryRefused({ status, code, retryAfter: wait, reason });
        }
        if (about === 'credential' && header === undefined) {
          // Without a credential it is about our address, or a wall before the server, and may pass.
          budget.slowDown(asked);
          throw new HistoryUnavailable(reason, raw.status);
        }
        budget.answered();
        if (about === 'credential') {
          const error = withoutSecret(new HistoryRefused({ status, code, reason }), redact);
          remember(status === FORBIDDEN ? `${print} ${part}` : print, error);
          throw error;
        }
        if (about === 'request') throw new HistoryRefused({ status, code, reason });
        if (!isFine) throw new HistoryUnavailable(reason, raw.status);
        if (Array.isArray(answer) && lists) return { body: {}, items: answer, receivedAt, redact };
        if (!isRecord(answer)) throw new HistoryUnavailable(`the answer is no JSON object: ${raw.text.trim()}`);
        return { body: answer, items: undefined, receivedAt, redact };
      };

      return withBudget(provider, secret, limits, (budget) =>
        defer(() => {
          throwIfKnown();
          return budget.turn(weight);
        }).pipe(
          switchMap(() => {
            throwIfKnown();
            return sent(fetch ?? globalThis.fetch, address, request);
          }),
          map((raw) => judged(raw, budget)),
          retry({ count: MOST_RETRIES, delay: (error: unknown) => (isSlow(error) ? of(0) : throwError(() => error)) }),
          catchError((error: unknown) => throwError(() => cleaned(error, redact))),
        ),
      );
    });
};

const JSON_BODY = { 'content-type': 'application/json' } as const;
const FORBIDDEN = 403;
/** As much of an answer as is searched for a wait. */
const READ = 1_000;

interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Sends a request, and reads the answer to its end; aborted by unsubscription. */
const sent = (fetch: HistoryFetch, url: string, request: Omit<HistoryRequest, 'signal'>): Observable<RawAnswer> =>
  defer(() => {
    const controller = new AbortController();
    let isRead = false;
    return readAnswer(fetch(url, { ...request, signal: controller.signal })).pipe(
      map(({ answer: { status, headers }, text }) => ({
        status,
        retryAfter: headers?.get('retry-after') ?? undefined,
        text,
      })),
      tap(() => (isRead = true)),
      timeout({
        first: TIMEOUT,
        with: () => throwError(() => new HistoryUnavailable(`no answer within ${TIMEOUT} ms`)),
      }),
      finalize(() => isRead || controller.abort()),
    );
  }).pipe(catchError((error: unknown) => throwError(() => new HistoryUnavailable(failureOf(error)))));

/** What an HTTP status says of the request; undefined where that is in the answer, or where the server has failed. */
const aboutOf = (status: number): Objection['about'] | undefined => {
  switch (status) {
    case 401:
    case FORBIDDEN:
      return 'credential';
    case 418:
    case 429:
      return 'slow';
    default:
      return status >= 400 && status < 500 && status !== 408 && status !== 425 ? 'request' : undefined;
  }
};

const longest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined ? other : Math.max(one, other ?? 0);

const isSlow = (error: unknown): boolean => error instanceof HistoryRefused && error.retryAfter !== undefined;

/** The one place where the credential is taken out of what a history says: the error without it, and of readable length. */
const cleaned = (error: unknown, redact: Redact): unknown => {
  if (error instanceof HistoryRefused) return withoutSecret(error, redact);
  if (error instanceof HistoryUnavailable) return new HistoryUnavailable(quoted(error.reason, redact), error.status);
  if (error instanceof Error && redact(error.message) !== error.message) return new Error(redact(error.message));
  return error;
};

const withoutSecret = ({ status, code, retryAfter: wait, reason }: HistoryRefused, redact: Redact): HistoryRefused =>
  new HistoryRefused({
    status,
    code: code === undefined ? undefined : quoted(code, redact),
    retryAfter: wait,
    reason: quoted(reason, redact),
  });
