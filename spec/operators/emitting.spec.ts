import { of, range, take } from 'rxjs';
import { emitting } from '../../lib/operators/emitting.js';

const twice = emitting<number, number>((emit) => (value) => {
  emit(value);
  emit(value);
});

const seenOf = (run: (seen: unknown[]) => void): unknown[] => {
  const seen: unknown[] = [];
  run(seen);
  return seen;
};

describe('emitting', () => {
  it('emits what the step emits, then completes', () => {
    const seen = seenOf((into) =>
      of(1, 2)
        .pipe(twice)
        .subscribe({ next: (value) => into.push(value), complete: () => into.push('end') }),
    );
    expect(seen).toEqual([1, 1, 2, 2, 'end']);
  });

  it('makes a step that throws an error of the stream', () => {
    const failing = emitting<number, never>(() => () => {
      throw new Error('no such value');
    });
    const seen = seenOf((into) =>
      of(1)
        .pipe(failing)
        .subscribe({ error: (error: unknown) => into.push(error) }),
    );
    expect(seen).toEqual([new Error('no such value')]);
  });

  it('leaves a synchronous source as soon as nobody listens, and ends what hangs on to its life', () => {
    let steps = 0;
    let ended = 0;
    const counting = emitting<number, number>((emit, life) => {
      life.add(() => (ended += 1));
      return (value) => {
        steps += 1;
        emit(value);
      };
    });
    range(1, 1_000).pipe(counting, take(2)).subscribe();
    expect({ steps, ended }).toEqual({ steps: 2, ended: 1 });
  });
});
