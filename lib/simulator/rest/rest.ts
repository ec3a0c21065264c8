import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import { asyncScheduler } from 'rxjs';
import { withoutSecret } from '../texts.js';
import type { Garbage, HistoryFaults, RateRules, RestControl, RestRefusal } from './restControl.js';

/** One request. */
export interface Ask {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Where it came from. */
  readonly address?: string;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the connection ends halfway through the body. */
  readonly cut?: boolean;
  /** Milliseconds until it is sent. */
  readonly delay?: number;
}

/** One vendor's REST interface, as the HTTP server sees it. */
export interface Rest {
  readonly control: RestControl;
  /** Whether a path is of this vendor. */
  readonly serves: (url: URL) => boolean;
  readonly answer: (ask: Ask) => Answer | 'never';
}

interface RestProtocol extends Required<RateRules> {
  readonly secret: string;
  readonly serves: (url: URL) => boolean;
  readonly methods: (url: URL) => readonly string[];
  /** The refusal of a credential. */
  readonly login: (ask: Ask) => Answer | undefined;
  readonly answer: (ask: Ask, faults: HistoryFaults) => Answer;
  /** The body of an error that has an HTTP status. */
  readonly failure: (status: number, message: string) => string;
  /** The refusal of one who asks too much, by other rules than `budget`. */
  readonly limit?: (ask: Ask) => Answer | undefined;
}

const KEPT = 10_000;
/** Characters of one request that are kept. */
const LONGEST = 2_000;
const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>';
const DELIVERY = 0.95;

const retryIn = (wait: number): string => `请 ${wait} ms 后重试`;

/** Counts, limits and spoils what a vendor answers. */
export const createRest = (protocol: RestProtocol): Rest => {
  const { secret, serves, methods, login, failure, budget, waitIn } = protocol;
  const requests: string[] = [];
  const callsTo = new Map<string, number>();
  let calls = 0;
  let violations = 0;
  let faults: HistoryFaults = {};
  let late = 0;
  let trouble: { readonly make: (true_: () => Answer) => Answer | 'never'; left: number } | undefined;
  /** When the requests of the last `per` milliseconds came. */
  const spent: number[] = [];

  const begin = (make: (answer: () => Answer) => Answer | 'never', times = Infinity): void => {
    trouble = { make, left: times };
  };

  const remember = ({ method, url, body }: Ask): void => {
    calls += 1;
    if (methods(url).length > 0) callsTo.set(url.pathname, (callsTo.get(url.pathname) ?? 0) + 1);
    const text = `${method} ${url.pathname}${url.search}${body === '' ? '' : ` ${body}`}`;
    requests.push(withoutSecret(text, secret).slice(0, LONGEST));
    if (requests.length > 2 * KEPT) requests.splice(0, KEPT);
  };

  const refused = (status: number, { retryAfter, wait, body }: RestRefusal): Answer => ({
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
    body:
      body ??
      failure(status, [STATUS_CODES[status] ?? 'Refused', ...(wait === undefined ? [] : [retryIn(wait)])].join('，')),
  });

  /** A 429 when the credential has asked too often. */
  const limited = (ask: Ask): Answer | undefined => {
    const refusal = protocol.limit?.(ask);
    if (refusal !== undefined) violations += 1;
    if (protocol.limit !== undefined) return refusal;
    const now = asyncScheduler.now();
    while (spent[0] !== undefined && spent[0] <= now - budget.per * DELIVERY) spent.shift();
    if (spent.length < budget.calls) {
      if (budget.calls < Infinity) spent.push(now);
      return undefined;
    }
    violations += 1;
    const wait = Math.ceil((spent[0] ?? now) + budget.per - now);
    if (waitIn === 'header') return refused(429, { retryAfter: Math.ceil(wait / 1_000) });
    return refused(429, waitIn === 'text' ? { wait } : {});
  };

  const served = (ask: Ask): Answer => {
    const allowed = methods(ask.url);
    if (allowed.length === 0) return { status: 404, body: failure(404, 'Not Found') };
    if (!allowed.includes(ask.method)) {
      return { status: 405, headers: { allow: allowed.join(', ') }, body: failure(405, 'Method Not Allowed') };
    }
    return login(ask) ?? limited(ask) ?? protocol.answer(ask, faults);
  };

  const garbled = (garbage: Garbage, answer: Answer): Answer => {
    if (garbage === 'html') return { status: 200, headers: { 'content-type': 'text/html' }, body: HTML };
    if (garbage === 'cut') return { ...answer, cut: true };
    return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  };

  const spoilt = (ask: Ask): Answer | 'never' => {
    if (trouble === undefined) return served(ask);
    const { make } = trouble;
    trouble.left -= 1;
    if (trouble.left <= 0) trouble = undefined;
    return make(() => served(ask));
  };

  const control: RestControl = {
    get requests() {
      return requests.slice(-KEPT);
    },
    get calls() {
      return calls;
    },
    get callsTo() {
      return Object.fromEntries(callsTo);
    },
    get violations() {
      return violations;
    },
    delay: (milliseconds) => {
      late = milliseconds;
    },
    refuse: (status, options = {}) => begin(() => refused(status, options), options.times),
    hang: (times) => begin(() => 'never', times),
    garble: (garbage, times) => begin((answer) => garbled(garbage, answer()), times),
    distort: (wrong) => {
      faults = wrong;
    },
    mend: () => {
      faults = {};
      trouble = undefined;
      late = 0;
    },
  };

  return {
    control,
    serves,
    answer: (ask) => {
      remember(ask);
      const answer = spoilt(ask);
      return answer === 'never' || late === 0 ? answer : { ...answer, delay: late };
    },
  };
};

/** The whole number in a parameter; `undefined` when it is absent, NaN for anything else. */
export const wholeNumber = (text: string | null): number | undefined => {
  if (text === null || text === '') return undefined;
  return /^-?\d{1,16}$/u.test(text) ? Number(text) : NaN;
};
