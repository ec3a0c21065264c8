import { catchError, identity, map, tap, throwError, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { isFeedError, standby, type FeedEvent } from '../index.js';
import type { FeedConnection } from '../record/index.js';
import { startSimulator } from '../simulator/index.js';
import { UsageError } from './commandLine.js';
import { printable } from './format.js';
import type { Live, Source } from './Plan.js';
import { providerOf } from './providers.js';

/** An event, and the name of the source it came from. */
export interface SourceEvent {
  readonly source: string;
  readonly event: FeedEvent;
}

/** A feed that ended, in one line. */
export class SourceEnded extends Error {
  readonly _tag = 'SourceEnded';
}

/** How a feed reaches its vendor, where not as usual. */
interface Through extends Partial<FeedConnection> {
  readonly url?: string | undefined;
  readonly restUrl?: string | undefined;
  /** What closes the holes of the feed. */
  readonly repair?: MonoTypeOperatorFunction<FeedEvent>;
}

/** The feed of a source. Throws `InvalidTopic` and `InvalidOption` at once; fails with `SourceEnded`. */
export const openSource = (source: Source, through: Through = {}): Observable<SourceEvent> => {
  const { repair = identity, ...connection } = through;
  const primary$ = feedOf(source, connection);
  const feed$ = source.standby ? standby(primary$, feedOf(source.standby, connection)) : primary$;
  return feed$.pipe(
    repair,
    map((event) => ({ source: source.name, event })),
    ended(source.name),
  );
};

const feedOf = (source: Source, through: Omit<Through, 'repair'>): Observable<FeedEvent> => {
  const { variant, topics, credential } = source;
  const { url = source.url, restUrl = source.restUrl, ...connection } = through;
  return providerOf(source).open(variant, { topics, credential, url, restUrl, ...connection });
};

/**
 * Ends a feed that cannot be reached at the first attempt with one line that says what to do: someone who takes a first look would
 * wait for nothing.
 */
export const reachable = (source: Source): MonoTypeOperatorFunction<SourceEvent> => {
  const { variables } = providerOf(source);
  let isKnown = false;
  return tap(({ event }) => {
    if (isKnown || event.kind !== 'disconnected') {
      isKnown ||= event.kind === 'connected';
      return;
    }
    const { cause } = event;
    const why = printable('reason' in cause && cause.reason !== '' ? cause.reason : cause.message);
    const hosts = `${variables?.url} and ${variables?.restUrl}`;
    throw new SourceEnded(
      `${source.name} cannot be reached (${why}); set ${hosts} to hosts that can be, or see a simulated market by rxtape watch --demo`,
    );
  });
};

/** Makes of the error of a feed one line that names its source. */
export const ended = <A>(name: string): MonoTypeOperatorFunction<A> =>
  catchError((error: unknown) => throwError(() => new SourceEnded(`${name}: ${described(error)}`)));

const described = (error: unknown): string =>
  printable(isFeedError(error) ? `${error._tag}: ${error.message}` : String(error).replace(/^Error: /, ''));

/** Does something with the addresses of a simulated market, where one is wanted, and closes that market after it. */
export const simulated = async (
  simulation: Live['simulation'],
  use: (url?: string, restUrl?: string) => Promise<void>,
): Promise<void> => {
  if (!simulation) return use();
  const simulator = await startSimulator({ speed: simulation.speed, port: simulation.port ?? 0 }).catch(portProblem);
  try {
    await use(simulator.url, simulator.restUrl);
  } finally {
    await simulator.close();
  }
};

/** Says of a port that cannot be had what helps. */
const portProblem = (error: NodeJS.ErrnoException & { readonly port?: number }): never => {
  const { code, port = 0 } = error;
  if (code === 'EADDRINUSE') {
    throw new UsageError(`port ${port} is taken; give another one by --port, or none to get one that is free`);
  }
  if (code === 'EACCES') throw new UsageError(`port ${port} may not be opened by you; give one above 1023 by --port`);
  throw error;
};
