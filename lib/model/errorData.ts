import { isErrorTag, revivers, type FeedError } from './errors.js';
import { isFeedError } from './isRecoverable.js';

type Data<E> = E extends FeedError ? Omit<E, 'name' | 'stack' | 'cause' | 'toJSON'> : never;

/**
 * An error of this library as plain data: its `_tag`, its `message` and its facts. It survives structured cloning and
 * JSON, where an error loses its class and its facts. `reviveError` makes the error again.
 */
export type FeedErrorData = Data<FeedError>;

/** Any other error as plain data; nothing but its name and its message is known to be fit for another process. */
export interface OtherErrorData {
  readonly _tag?: undefined;
  readonly name: string;
  readonly message: string;
}

/**
 * An error as plain data, for a worker, another tab, another process or a log. The stack is left out, and so is a fact
 * that cannot be cloned or has no JSON, such as a function that was given for an option.
 *
 * @example
 * worker.postMessage(flattenError(error)); // and reviveError(data) on the other side
 */
export function flattenError(error: FeedError): FeedErrorData;
export function flattenError(thrown: unknown): FeedErrorData | OtherErrorData;
export function flattenError(thrown: unknown): FeedErrorData | OtherErrorData {
  if (isFeedError(thrown)) {
    const facts = Object.entries(thrown).filter(([key, fact]) => key !== 'name' && isPortable(fact));
    return { ...Object.fromEntries(facts), message: thrown.message } as unknown as FeedErrorData;
  }
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message };
  return { name: 'Error', message: typeof thrown === 'string' ? thrown : `a ${typeof thrown} was thrown` };
}

/** The error that `flattenError` made data of, with its class; data of another origin give an `Error` with its message. */
export function reviveError(data: FeedErrorData): FeedError;
export function reviveError(data: unknown): Error;
export function reviveError(data: unknown): Error {
  const facts: Readonly<Record<string, unknown>> = typeof data === 'object' && data !== null ? { ...data } : {};
  const { _tag: tag, name } = facts;
  const error = isErrorTag(tag)
    ? revivers[tag](facts)
    : Object.assign(new Error(), { name: (typeof name === 'string' && name) || 'Error' });
  if (typeof facts['message'] === 'string') error.message = facts['message'];
  return error;
}

/** Whether it can be cloned and has a text as JSON: a function has neither, a `bigint` and a circle have no text. */
const isPortable = (fact: unknown): boolean => {
  if (fact === undefined) return false;
  try {
    structuredClone(fact);
    JSON.stringify(fact);
    return true;
  } catch {
    return false;
  }
};
