import { Observable, Subject } from 'rxjs';
import { CannotShare } from './CannotShare.js';
import type { Message } from './Message.js';
import type { TabChannel } from './TabTools.js';
import { read, write } from './wire.js';

/** How a member hears and is heard. */
export interface Bus {
  /** The member's own name. */
  readonly id: string;
  readonly messages$: Observable<Message>;
  /** Tells this tab alone, at once and without a copy: the leader's own tab is a member like any other. */
  readonly tellSelf: (message: Message) => void;
  readonly tellOthers: (message: Message) => void;
}

/** Emits a bus, which lives as long as it is subscribed to. */
export const bus = (name: string, openChannel: (name: string) => TabChannel): Observable<Bus> =>
  new Observable((subscriber) => {
    const channel = opened(name, openChannel);
    const messages$ = new Subject<Message>();
    channel.addEventListener('message', ({ data }) => {
      const message = read(data);
      if (message && !subscriber.closed) messages$.next(message);
    });
    subscriber.add(() => channel.close());
    subscriber.next({
      id: crypto.randomUUID(),
      messages$: messages$.asObservable(),
      tellSelf: (message) => messages$.next(message),
      tellOthers: (message) => channel.postMessage(write(message)),
    });
  });

const opened = (name: string, openChannel: (name: string) => TabChannel): TabChannel => {
  try {
    return openChannel(name);
  } catch (error) {
    throw error instanceof CannotShare ? error : new CannotShare(`no channel can be opened: ${String(error)}`);
  }
};
