import { map, merge, mergeMap, of, Subject } from 'rxjs';
import { encoded } from '../../lib/session/encoded.js';
import { marbles } from '../../lib/testing/marbles.js';
import { aSession } from './aSession.js';

/** A frame is a list of numbers; 99 is a defect. */
const decode = (frame: string): readonly number[] => {
  const numbers = frame === '' ? [] : frame.split(',').map(Number);
  if (numbers.includes(99)) throw new TypeError('a defect in decode');
  return numbers;
};
const frames = { n: '', o: '1', m: '1,2,3', x: '99' };

describe('encoded', () => {
  it(
    'makes none, one or many messages of a frame',
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -n-o-m----|', frames);
      const expected = '   ---a-(abc)|';
      const { session } = aSession(source);
      const messages$ = of(session).pipe(
        encoded(decode, String),
        mergeMap(({ messages$ }) => messages$),
      );
      expectObservable(messages$).toBe(expected, { a: 1, b: 2, c: 3 });
    }),
  );

  it(
    'takes a message for itself where there is just one',
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -o-o-|', frames);
      const expected = '   -a-a-|';
      const messages$ = of(aSession(source).session).pipe(
        encoded((frame) => Number(frame), String),
        mergeMap(({ messages$ }) => messages$),
      );
      expectObservable(messages$).toBe(expected, { a: 1 });
    }),
  );

  it(
    'decodes a frame once, however many listen, and only while somebody does',
    marbles(({ hot, expectObservable, expectSubscriptions, flush }) => {
      const source = hot(' -o-o-o-', frames);
      const first = '      --^--! ';
      const second = '     --^----!';
      const subs = '       --^----!';
      let decoded = 0;
      const count = (frame: string): readonly number[] => (decoded++, decode(frame));
      const messages$ = of(aSession(source).session).pipe(encoded(count, String));
      messages$.subscribe(({ messages$ }) => {
        expectObservable(messages$, first).toBe('---a---', { a: 1 });
        expectObservable(messages$, second).toBe('---a-a-', { a: 1 });
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
      flush();
      expect(decoded).toBe(2);
    }),
  );

  it(
    'tells the decoder when the frame was heard',
    marbles(({ hot, expectObservable }) => {
      const { session } = aSession(hot('o|', frames), { lastReceivedAt: () => 7 });
      const heard$ = of(session).pipe(
        encoded((_, receivedAt) => [receivedAt], String),
        mergeMap(({ messages$ }) => messages$),
      );
      expectObservable(heard$).toBe('a|', { a: 7 });
    }),
  );

  it(
    'makes a frame that the decoder throws for undecodable, quotes nothing of it, and goes on',
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -o---x---o-', frames);
      const expected = '   -(aa)(bb)(aa)-';
      const { session } = aSession(source);
      const both$ = of(session).pipe(
        encoded(decode, String),
        mergeMap(({ messages$ }) => merge(messages$, messages$)),
      );
      const b = { kind: 'undecodable', receivedAt: 0, frame: '', problems: ['the decoder failed'] };
      expectObservable(both$).toBe(expected, { a: 1, b });
    }),
  );

  it('lets who joins inside a message hear the rest of its frame', () => {
    const log: string[] = [];
    const frames$ = new Subject<string>();
    const messages$ = of(aSession(frames$).session).pipe(
      encoded(decode, String),
      mergeMap(({ messages$ }) =>
        messages$.pipe(
          mergeMap((value) => (value === 2 ? messages$.pipe(map((later) => `joined ${later}`)) : of(`first ${value}`))),
        ),
      ),
    );
    messages$.subscribe((line) => log.push(line));
    frames$.next('1,2,3');
    expect(log).toEqual(['first 1', 'first 3', 'joined 3']);
  });

  it('encodes what is said', () => {
    const log: string[] = [];
    const { session, sent$ } = aSession(new Subject<string>());
    sent$.subscribe((frame) => log.push(frame));
    of(session)
      .pipe(encoded(decode, (request: { readonly op: string }) => JSON.stringify(request)))
      .subscribe(({ send }) => send({ op: 'ping' }));
    expect(log).toEqual(['{"op":"ping"}']);
  });
});
