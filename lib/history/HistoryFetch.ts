/* eslint-disable @typescript-eslint/no-explicit-any -- an interop file: not every program knows the type of a signal */

import type { Observable, ObservableInput } from 'rxjs';

/** What `fetch` is called with, beside the address. The credential is in `headers`, and nowhere else. */
export interface HistoryRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  /** JSON, for a `POST`. */
  readonly body?: string;
  /** An `AbortSignal`: unsubscribing aborts the request. */
  readonly signal: any;
  /** A redirect would send the credential to another host. */
  readonly redirect: 'error';
  readonly credentials: 'omit';
  readonly cache: 'no-store';
}

/** The part of a `Response` that is used here. */
export interface HistoryAnswer {
  readonly status: number;
  readonly headers?: { readonly get: (name: string) => string | null };
  /** Read in preference to `text`, so that an endless answer is not read to its end. */
  readonly body?: {
    readonly getReader: () => {
      readonly read: () => PromiseLike<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    };
  } | null;
  readonly text: () => PromiseLike<string> | Observable<string>;
}

/**
 * Sends a request of a history; the `fetch` of the platform is one. For a proxy of your own, tests and recordings: an
 * Observable or any thenable is taken for an answer as well, so that virtual time can drive it.
 */
export type HistoryFetch = (url: string, request: HistoryRequest) => ObservableInput<HistoryAnswer>;
