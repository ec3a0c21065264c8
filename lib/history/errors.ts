import { Tagged, tagOf } from '../model/Tagged.js';

/** Why a vendor refused a request of its history. */
export interface HistoryRefusal {
  /** HTTP status of the answer, where it is not 200. */
  readonly status?: number | undefined;
  /** The vendor's own code, as `E002` of iTick, which comes with HTTP 200. */
  readonly code?: string | undefined;
  /** Milliseconds that the vendor asked us to wait, by `Retry-After` or in the text of its answer. */
  readonly retryAfter?: number | undefined;
  /** What the vendor said. */
  readonly reason: string;
}

/** The vendor answered that it does not give the history asked for: a wrong credential, an unknown symbol, too many requests. */
export class HistoryRefused extends Tagged<'HistoryRefused'> {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
  readonly reason: string;

  constructor({ status, code, retryAfter, reason }: HistoryRefusal) {
    const said = [status === undefined ? '' : `HTTP ${status}`, code ?? '', reason].filter((text) => text !== '');
    const remedy = isTooFast({ status, retryAfter })
      ? `; ${retryAfter === undefined ? 'wait, and ask less often' : `retry after ${retryAfter} ms`}`
      : '; check the credential, the symbol, and what the plan covers';
    super('HistoryRefused', `the vendor refused the history (${said.join(', ')})${remedy}`);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.reason = reason;
  }
}

/** Whether it is a refusal, by its tag: there may be two copies of the library. */
export const isHistoryRefused = (error: unknown): error is HistoryRefused =>
  tagOf(error) === ('HistoryRefused' satisfies HistoryRefused['_tag']);

/** Whether the credential is refused: asking for anything else would be as well. */
export const isOfCredential = ({ status, code }: HistoryRefused): boolean =>
  status === 401 || status === 403 || code === 'E002';

/** Whether it says that requests came too fast. */
export const isTooFast = ({ status, retryAfter }: Pick<HistoryRefusal, 'status' | 'retryAfter'>): boolean =>
  status === 429 || retryAfter !== undefined;

/** No answer of the vendor's history came, or none that can be read: the network, a server error, garbage. Asking again may help. */
export class HistoryUnavailable extends Tagged<'HistoryUnavailable'> {
  constructor(
    readonly reason: string,
    /** HTTP status of the answer, where there was one. */
    readonly status?: number,
  ) {
    super(
      'HistoryUnavailable',
      `the history cannot be had (${status === undefined ? '' : `HTTP ${status}, `}${reason}); try again later`,
    );
  }
}

/** Whether it is one, by its tag. */
export const isHistoryUnavailable = (error: unknown): error is HistoryUnavailable =>
  tagOf(error) === ('HistoryUnavailable' satisfies HistoryUnavailable['_tag']);
