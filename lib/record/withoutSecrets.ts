import { redacting } from '../model/redacting.js';
import type { SocketOptions } from '../transport/SocketLike.js';

type Redact = (text: string) => string;

/** Where a text has nothing left after its credentials were taken out. */
export const NOTHING = '***';

/**
 * What takes the credentials of a connection out of a text: the `redact` of its provider or, where that gives none, of
 * the values that go under a telling name in the url's query and the headers.
 *
 * A text that would spell the credential only once JSON has escaped it is given up as a whole.
 */
export const withoutSecrets = (url: string, { redact, headers = {} }: Partial<SocketOptions> = {}): Redact => {
  const clean = redact ?? withoutValues([...valuesIn(url), ...Object.entries(headers).flatMap(telling)]);
  const isClean = (text: string): boolean => clean(text) === text;
  return (text) => {
    const cleaned = clean(text);
    return isClean(JSON.stringify(cleaned)) ? cleaned : NOTHING;
  };
};

/** An address whose query keeps its names and loses its values, and which loses its user and fragment. */
export const withoutQueryValues = (url: string): string =>
  // A part without a name is a value.
  withQuery(url, (pair) => (pair.includes('=') ? pair.replace(/=.*$/s, `=${NOTHING}`) : NOTHING));

/** The same, but only values under a telling name are lost: by the others a request is known. */
export const withoutTellingValues = (url: string): string =>
  withQuery(url, (pair) =>
    [...new URLSearchParams(pair)].some(([name]) => TELLING.test(name)) ? pair.replace(/=.*$/s, `=${NOTHING}`) : pair,
  );

const withQuery = (url: string, part: (pair: string) => string): string => {
  const bare = url.replace(/#.*$/s, '').replace(/\/\/[^/?]*@/, '//');
  const query = /\?(.*)$/s.exec(bare)?.[1];
  return query === undefined ? bare : `${endpointOf(bare)}?${query.split('&').map(part).join('&')}`;
};

/** An address without its query: connections with the same one are to the same endpoint. */
export const endpointOf = (url: string): string => url.replace(/\?.*$/s, '');

/** What follows the host: a feed may be given the vendor's own and still replay what came from a simulator. */
export const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/i, '');

const TELLING = /auth|cookie|credential|key|pass|secret|session|sign|token/i;

/** The value and, of `Bearer …`, what bears. */
const telling = ([name, value]: readonly [string, string]): readonly string[] =>
  TELLING.test(name) ? [value, value.slice(value.lastIndexOf(' ') + 1)] : [];

const valuesIn = (url: string): readonly string[] =>
  [...new URLSearchParams(/\?(.*)$/s.exec(url)?.[1])].flatMap(telling);

const withoutValues = (values: readonly string[]): Redact => {
  const redacts = [...new Set(values)].sort((a, b) => b.length - a.length).map(redacting);
  return (text) => redacts.reduce((cleaned, redact) => redact(cleaned), text);
};
