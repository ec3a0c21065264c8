import {
  asyncScheduler,
  endWith,
  ignoreElements,
  interval,
  map,
  switchMap,
  take,
  takeUntil,
  type Observable,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { faulty, type Fault } from '../../../lib/testing/faults/intercept.js';
import { fakeNetwork, type FakeConnection } from '../../../lib/testing/fakeNetwork.js';
import { connectOver } from '../../../lib/transport/connect.js';

/** What a vendor says, as a client hears it over a line with faults; a vendor that is done drops the connection. */
export const over =
  (...faults: readonly Fault[]) =>
  (said$: Observable<string | ArrayBuffer>): Observable<string> => {
    const { openSocket } = fakeNetwork((connection) => {
      connection.open();
      said$
        .pipe(takeUntil(connection.received$.pipe(ignoreElements(), endWith('over'))))
        .subscribe({ next: connection.say, complete: connection.drop });
    });
    return connectOver({ openSocket: faulty(openSocket, ...faults), headers: true })('ws://vendor.test').pipe(
      switchMap(({ messages$ }) => messages$),
    );
  };

/** What a client says, as its vendor hears it; what it says last is said before it leaves. */
export const saidOver = (texts: readonly string[], ...faults: readonly Fault[]): readonly string[] => {
  const connections = virtually(() => {
    const network = fakeNetwork((connection) => connection.open());
    connectOver({ openSocket: faulty(network.openSocket, ...faults), headers: true })('ws://vendor.test')
      .pipe(switchMap(({ send }) => every10(texts).pipe(map(send))))
      .subscribe({ error: () => undefined });
    return network.connections;
  });
  return connections.flatMap(({ received }) => received);
};

export interface Heard {
  readonly text: string;
  /** Virtual milliseconds. */
  readonly at: number;
}

/** The same frames every 10 virtual ms, as they arrive. */
export const heardOver = (texts: readonly string[], ...faults: readonly Fault[]): readonly Heard[] =>
  virtually(() => {
    const heard: Heard[] = [];
    every10(texts)
      .pipe(over(...faults))
      .subscribe({
        next: (text) => heard.push({ text, at: asyncScheduler.now() }),
        error: () => undefined,
      });
    return heard;
  });

const every10 = (texts: readonly string[]): Observable<string> =>
  interval(10).pipe(
    take(texts.length),
    map((at) => texts[at] ?? ''),
  );

/** Runs a body in virtual time, to the end of all its timers. */
export const virtually = <T>(body: () => T): T => {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => {
    scheduler.maxFrames = Infinity;
    const result = body();
    scheduler.flush();
    return result;
  });
};

/** How many timers are still to run when a client of a busy line has left after some virtual ms. */
export const timersLeft = (after: number, ...faults: readonly Fault[]): number => {
  const scheduler = new TestScheduler(() => undefined);
  let left = -1;
  scheduler.run(() => {
    const network = fakeNetwork((connection: FakeConnection) => connection.open());
    const client = connectOver({ openSocket: faulty(network.openSocket, ...faults), headers: true })('ws://vendor.test')
      .pipe(switchMap(({ send }) => interval(3).pipe(map(() => send('said')))))
      .subscribe({ error: () => undefined });
    const vendor = interval(3).subscribe(() => network.connections.forEach((connection) => connection.say('heard')));
    asyncScheduler.schedule(() => {
      vendor.unsubscribe();
      client.unsubscribe();
      // All but this one, which is running.
      left = scheduler.actions.filter(({ closed }) => !closed).length - 1;
    }, after);
  });
  return left;
};
