import { BehaviorSubject, endWith, ignoreElements, interval, takeUntil } from 'rxjs';
import { topicKey, type Topic } from '../../../lib/model/topic.js';
import type { ContractVendor } from '../../../lib/testing/contract/ContractStage.js';
import { fakeNetwork, type FakeConnection } from '../../../lib/testing/fakeNetwork.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';

/** One connection of a scripted vendor, as its script sees it. */
export interface ScriptedConnection extends FakeConnection {
  /** What this connection is subscribed to, by key. */
  readonly topics: Map<string, Topic>;
  readonly loggedIn: () => void;
  readonly asked: (topic: Topic) => void;
  readonly withdrawn: (topic: Topic) => void;
}

/** A vendor's side of the wire in a few lines. */
export interface Script {
  /** Accepts or refuses a connection. */
  readonly accept: (connection: ScriptedConnection) => void;
  /** Answers what the client says. */
  readonly answer: (connection: ScriptedConnection, text: string) => void;
  /** The frame that carries data of a topic. */
  readonly data: (topic: Topic) => string;
}

/** How often a subscribed topic has something new, in virtual milliseconds. */
const EVERY = 100;

/** Plays a script on a fake network, so that a whole provider runs in virtual time. */
export const scriptedVendor = (
  script: Script,
): { readonly vendor: ContractVendor; readonly openSocket: OpenSocket } => {
  const live$ = new BehaviorSubject(0);
  const open = new Set<ScriptedConnection>();
  const asked: string[] = [];
  const withdrawn: string[] = [];

  const { openSocket, connections } = fakeNetwork((fake) => {
    const topics = new Map<string, Topic>();
    const connection: ScriptedConnection = Object.assign(Object.create(fake) as FakeConnection, {
      topics,
      loggedIn: () => {
        open.add(connection);
        live$.next(open.size);
      },
      asked: (topic: Topic) => {
        asked.push(topicKey(topic));
        topics.set(topicKey(topic), topic);
      },
      withdrawn: (topic: Topic) => {
        withdrawn.push(topicKey(topic));
        topics.delete(topicKey(topic));
      },
    });
    const over = (): void => {
      if (open.delete(connection)) live$.next(open.size);
    };
    fake.received$.subscribe({ next: (text) => script.answer(connection, text), complete: over });
    const ticks$ = interval(EVERY).pipe(takeUntil(fake.received$.pipe(ignoreElements(), endWith('over'))));
    ticks$.subscribe(() => [...topics.values()].forEach((topic) => fake.say(script.data(topic))));
    script.accept(connection);
  });

  const all = (act: (connection: FakeConnection) => void): void => connections.forEach(act);
  const vendor: ContractVendor = {
    get attempts() {
      return connections.length;
    },
    get live() {
      return open.size;
    },
    live$,
    asked,
    withdrawn,
    drop: () => all((connection) => connection.drop()),
    close: () => all((connection) => connection.close()),
    say: (frame) => all((connection) => connection.say(frame)),
  };
  return { vendor, openSocket };
};
