import { of, range, Subject, Subscription } from 'rxjs';
import { listen } from '../../lib/operators/listen.js';

const told = (said: unknown[]) => ({
  next: (value: unknown) => said.push(value),
  error: (error: unknown) => said.push(error),
  complete: () => said.push('end'),
});

describe('listen', () => {
  it('tells of all values and of the end', () => {
    const said: unknown[] = [];
    const life = new Subscription();
    listen(of(1, 2), told(said), life);
    expect(said).toEqual([1, 2, 'end']);
  });

  it('leaves when the life ends, and a source that never pauses as well', () => {
    const life = new Subscription();
    const source = new Subject<number>();
    const heard: number[] = [];
    const observer = { ...told([]), next: (value: number) => (heard.push(value), life.unsubscribe()) };
    listen(source, observer, life);
    expect(source.observed).toBe(true);
    listen(range(1, Infinity), observer, life);
    expect({ heard, observed: source.observed }).toEqual({ heard: [1], observed: false });
  });

  it('tells an observer of what it threw, and leaves', () => {
    const source = new Subject<number>();
    const said: unknown[] = [];
    const failure = new Error('no such value');
    const next = (): never => {
      throw failure;
    };
    listen(source, { ...told(said), next }, new Subscription());
    source.next(1);
    expect({ said, observed: source.observed }).toEqual({ said: [failure], observed: false });
  });
});
