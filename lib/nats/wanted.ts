import { jetstream, StorageType } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { asyncScheduler, auditTime, interval, Observable, Subject } from 'rxjs';
import { steadyClock } from '../model/steadyClock.js';
import { distinctTopics, type Topic } from '../model/topic.js';
import { subjectsOf, WISH_TTL, WISHES } from './subjects.js';
import { readTopics } from './wire.js';

/** What all joiners of a feed want. */
export interface Wanted {
  readonly topics: readonly Topic[];
  readonly joiners: number;
}

interface Wish {
  readonly topics: readonly Topic[];
  /** As it was sent: most are renewals that change nothing. */
  readonly text: string;
  /** When it ends unless it is renewed. */
  until: number;
}

/**
 * What is wanted of a feed: now, and at each change. Joiners put their topics into a bucket; each write is heard as it comes,
 * and those from before are read. A joiner that is not heard for its time to live is gone, unless it cannot be heard.
 */
export const wanted = (nats: NatsConnection, name: string, up$: Observable<boolean>): Observable<Wanted> =>
  new Observable((subscriber) => {
    const steady = steadyClock(() => asyncScheduler.now());
    const wishes = new Map<string, Wish>();
    const changes$ = new Subject<void>();
    let isUp = false;

    const put = (joiner: string, text: string): void => {
      const known = wishes.get(joiner);
      const until = steady() + WISH_TTL;
      if (known?.text === text) known.until = until;
      else {
        wishes.set(joiner, { topics: readTopics(text), text, until });
        changes$.next();
      }
    };
    const remove = (joiner: string): void => {
      if (wishes.delete(joiner)) changes$.next();
    };
    const expire = (): void => {
      const now = steady();
      if (isUp) for (const [joiner, { until }] of wishes) if (until < now) remove(joiner);
    };
    const load = async (): Promise<void> => {
      try {
        const bucket = await new Kvm(jetstream(nats)).create(WISHES, {
          ttl: WISH_TTL,
          history: 1,
          storage: StorageType.Memory,
        });
        for await (const entry of await bucket.history({ key: `${name}.*` })) {
          if (subscriber.closed) return;
          const joiner = entry.key.slice(name.length + 1);
          if (entry.operation === 'PUT' && !wishes.has(joiner)) put(joiner, entry.string());
        }
      } catch {
        // The joiners say their topics again within seconds.
      }
      changes$.next();
    };

    const heard = nats.subscribe(subjectsOf(name).wish('*'), {
      callback: (error, message) => {
        if (error) return;
        const joiner = message.subject.slice(message.subject.lastIndexOf('.') + 1);
        if (message.headers?.has('KV-Operation')) remove(joiner);
        else put(joiner, message.string());
      },
    });
    subscriber.add(() => heard.unsubscribe());
    subscriber.add(
      changes$.pipe(auditTime(0)).subscribe(() => {
        const topics = distinctTopics([...wishes.values()].flatMap((wish) => wish.topics));
        subscriber.next({ topics, joiners: wishes.size });
      }),
    );
    subscriber.add(
      up$.subscribe((up) => {
        if (up && !isUp) {
          // While the connection was down no joiner could be heard; a server that was restarted has no bucket.
          for (const wish of wishes.values()) wish.until = steady() + WISH_TTL;
          void load();
        }
        isUp = up;
      }),
    );
    subscriber.add(interval(1_000).subscribe(expire));
  });
