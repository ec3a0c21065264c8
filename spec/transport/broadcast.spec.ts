import type { SubjectLike } from 'rxjs';
import { broadcast } from '../../lib/transport/broadcast.js';

/** Subscribes, and writes down what comes under a name. */
const listener =
  (log: string[]) =>
  (subject: SubjectLike<string>, name: string, onValue: (value: string) => void = () => undefined) =>
    subject.subscribe({
      next: (value) => {
        log.push(`${name}:${value}`);
        onValue(value);
      },
      error: (error) => log.push(`${name}!${String(error)}`),
      complete: () => log.push(`${name}|`),
    });

describe('broadcast', () => {
  it('hands each value to all who listen at that time, in the order in which they came', () => {
    const log: string[] = [];
    const subject = broadcast<string>();
    subject.next('watchSilence');
    listener(log)(subject, 'first');
    subject.next('a');
    const second = listener(log)(subject, 'second');
    subject.next('b');
    second.unsubscribe();
    subject.next('c');
    expect(log).toEqual(['first:a', 'first:b', 'second:b', 'first:c']);
  });

  it('lets a listener join inside a value: it hears the next one', () => {
    const log: string[] = [];
    const subject = broadcast<string>();
    const listen = listener(log);
    listen(subject, 'first', (value) => {
      if (value === 'a') listen(subject, 'joined');
    });
    subject.next('a');
    subject.next('b');
    expect(log).toEqual(['first:a', 'first:b', 'joined:b']);
  });

  it('lets a listener leave inside a value, and take another with it', () => {
    const log: string[] = [];
    const subject = broadcast<string>();
    const listen = listener(log);
    const first = listen(subject, 'first', () => {
      first.unsubscribe();
      second.unsubscribe();
    });
    const second = listen(subject, 'second');
    listen(subject, 'third');
    subject.next('a');
    subject.next('b');
    expect(log).toEqual(['first:a', 'third:a', 'third:b']);
  });

  it('tells a late listener how it ended, and says nothing more', () => {
    const log: string[] = [];
    const completed = broadcast<string>();
    listener(log)(completed, 'early');
    completed.complete();
    completed.complete();
    completed.error('too late');
    completed.next('too late');
    listener(log)(completed, 'late');

    const failed = broadcast<string>();
    failed.error('lost');
    listener(log)(failed, 'after');
    expect(log).toEqual(['early|', 'late|', 'after!lost']);
  });

  it('ends for all when it is completed inside a value', () => {
    const log: string[] = [];
    const subject = broadcast<string>();
    listener(log)(subject, 'first', () => subject.complete());
    listener(log)(subject, 'second');
    subject.next('a');
    expect(log).toEqual(['first:a', 'first|', 'second|']);
  });
});
