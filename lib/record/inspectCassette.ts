import type { Cassette, Entry } from './Cassette.js';
import { steady } from './steady.js';
import { endpointOf } from './withoutSecrets.js';

/** A time without a connection to an address. */
export interface CassetteGap {
  readonly endpoint: string;
  /** When the connection ended, and when the next one was open; undefined when there was none. Epoch milliseconds. */
  readonly from: number;
  readonly to: number | undefined;
  /** The close code; 1006 where there was no close frame. */
  readonly code: number;
  /** Whether we closed it: a heartbeat was missed, or the recording ended. */
  readonly byUs: boolean;
}

/** Frames one way, and their size in characters. */
export interface Traffic {
  readonly frames: number;
  readonly size: number;
}

/** What a cassette holds, counted without decoding a frame. */
export interface Inspection {
  readonly name: string;
  /** The first entry and the last, in epoch milliseconds; undefined in an empty cassette. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** The addresses that were asked for. */
  readonly endpoints: readonly string[];
  /** Connections that were asked for, and upgrades among them that were refused. */
  readonly connections: number;
  readonly refused: number;
  /** Frames received, and below frames sent. */
  readonly in: Traffic;
  readonly out: Traffic;
  /** Requests by HTTP, how many were answered, how many failed without an answer, and the size of the answers in characters. */
  readonly requests: {
    readonly sent: number;
    readonly answered: number;
    readonly failed: number;
    readonly size: number;
  };
  /** Frames that were lost in recording. */
  readonly lost: number;
  /** Where a link was not live, in order. */
  readonly gaps: readonly CassetteGap[];
  /** Frames received in a second: on average, and in the second that had most. */
  readonly rate: { readonly mean: number; readonly peak: number };
}

type Closed = Omit<CassetteGap, 'to'> & { to: number | undefined };

/** What a cassette holds, without decoding a frame, by the times of its replay. Reads it to its end. */
export const inspectCassette = async (cassette: Cassette): Promise<Inspection> => {
  const endpoints = new Map<number, string>();
  const known = new Set<string>();
  const gaps: Closed[] = [];
  /** Those that last, by address. */
  const lasting = new Map<string, Closed[]>();
  const received = { frames: 0, size: 0 };
  const sent = { frames: 0, size: 0 };
  const requests = { sent: 0, answered: 0, failed: 0, size: 0 };
  const second = { at: NaN, frames: 0 };
  const span: { from?: number; to?: number } = {};
  let [connections, refused, lost, peak] = [0, 0, 0, 0];

  const meet = (connection: number, url: string): void => {
    endpoints.set(connection, endpointOf(url));
    known.add(endpointOf(url));
  };
  const receive = (wall: number, size: number): void => {
    received.frames += 1;
    received.size += size;
    const at = Math.floor(wall / 1_000);
    second.frames = at === second.at ? second.frames + 1 : 1;
    second.at = at;
    peak = Math.max(peak, second.frames);
  };
  const lose = (gap: Closed): void => {
    gaps.push(gap);
    const others = lasting.get(gap.endpoint);
    if (others) others.push(gap);
    else lasting.set(gap.endpoint, [gap]);
  };
  const live = (endpoint: string | undefined, wall: number): void => {
    if (endpoint === undefined) return;
    for (const gap of lasting.get(endpoint) ?? []) gap.to = wall;
    lasting.delete(endpoint);
  };
  const note = (entry: Entry): void => {
    span.from ??= entry.wall;
    span.to = Math.max(span.to ?? entry.wall, entry.wall);
    switch (entry.what) {
      case 'start':
        for (const { connection, url } of entry.standing) meet(connection, url);
        return;
      case 'lost':
        lost += entry.count;
        return;
      case 'connect':
        connections += 1;
        return meet(entry.connection, entry.url);
      case 'open':
        return live(endpoints.get(entry.connection), entry.wall);
      case 'in':
        return receive(entry.wall, entry.frame.length);
      case 'binary':
        return receive(entry.wall, Math.floor(entry.base64.length * 0.75));
      case 'out':
        sent.frames += 1;
        sent.size += entry.frame.length;
        return;
      case 'refused':
        refused += 1;
        return;
      case 'request':
        requests.sent += 1;
        return;
      case 'answer':
        requests.answered += 1;
        requests.size += entry.body.length;
        return;
      case 'failed':
        requests.failed += 1;
        return;
      case 'close': {
        const { connection, wall, code, byUs } = entry;
        lose({ endpoint: endpoints.get(connection) ?? '', from: wall, to: undefined, code, byUs });
      }
    }
  };
  for await (const block of steady(cassette).blocks()) block.forEach(note);
  const { from, to } = span;
  const seconds = ((to ?? 0) - (from ?? 0)) / 1_000;
  const rate = { mean: seconds > 0 ? received.frames / seconds : 0, peak };
  const counts = { connections, refused, in: received, out: sent, requests, lost };
  return { name: cassette.name, from, to, endpoints: [...known], ...counts, gaps, rate };
};
