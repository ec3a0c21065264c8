import { NEVER, of, Subject } from 'rxjs';
import { Unauthorized } from '../../../lib/model/errors.js';
import { quotes, trades, type Topic } from '../../../lib/model/topic.js';
import type { Bus } from '../../../lib/share/tabs/channel.js';
import { member } from '../../../lib/share/tabs/member.js';
import type { Message } from '../../../lib/share/tabs/channel.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { connected } from '../linkEvents.js';

const apple = trades('AAPL.US');
const aMember = (topics$ = of<readonly Topic[]>(apple)) => {
  const messages$ = new Subject<Message>();
  const said: string[] = [];
  const heard: string[] = [];
  const bus: Bus = {
    id: 'me',
    messages$,
    tellSelf: ({ kind }) => said.push(`${kind} to self`),
    tellOthers: ({ kind }) => said.push(kind),
  };
  member(bus, topics$).subscribe({
    next: (event) => heard.push(event.kind === 'trade' ? `${event.price}` : event.kind),
    error: (error: unknown) => heard.push(`# ${String(error)}`),
    complete: () => heard.push('|'),
  });
  return { hear: (message: Message) => messages$.next(message), said, heard };
};

const answer = (from: string, to = 'me', topics: readonly Topic[] = apple): Message => ({
  kind: 'answer',
  from,
  to,
  topics,
  events: [connected, aTrade({ price: 1 })],
});
const events = (from: string, price: number): Message => ({ kind: 'events', from, events: [aTrade({ price })] });
const error = new Unauthorized('expired');

describe('a member', () => {
  it('tells its topics, and again to each new leader, but not to one that announces itself twice', () => {
    const { hear, said } = aMember();
    hear({ kind: 'leading', from: 'a' });
    hear({ kind: 'leading', from: 'a' });
    hear({ kind: 'leading', from: 'b' });
    hear({ kind: 'leading', from: 'me' });
    expect(said).toEqual(['topics', 'topics', 'topics', 'topics to self']);
  });

  it.each([
    ['it leads itself', 'me'],
    ['another leads', 'b'],
  ])('follows no leader whose word was on its way when %s', (_, next) => {
    const { hear, heard, said } = aMember();
    hear({ kind: 'leading', from: 'a' });
    hear({ kind: 'leading', from: next });
    hear(answer(next));
    hear({ kind: 'leading', from: 'a' });
    hear(answer('a'));
    hear(events(next, 2));
    expect(heard).toEqual(['handover', 'handover', 'connected', '1', '2']);
    expect(said).toHaveLength(3);
  });

  it('follows none but itself once it leads', () => {
    const { hear, heard, said } = aMember();
    hear({ kind: 'leading', from: 'me' });
    hear({ kind: 'leading', from: 'a' });
    hear(answer('me'));
    expect([heard, said]).toEqual([
      ['handover', 'connected', '1'],
      ['topics', 'topics to self'],
    ]);
  });

  it('has nothing to say before it wants something', () => {
    const { hear, said, heard } = aMember(NEVER);
    hear({ kind: 'leading', from: 'a' });
    expect([said, heard]).toEqual([[], ['handover']]);
  });

  it('hears what is said to all once it was answered, of its leader alone', () => {
    const { hear, heard } = aMember();
    hear(events('a', 1));
    hear(answer('a', 'another'));
    hear(events('a', 2));
    hear(answer('a'));
    hear(events('a', 3));
    hear(answer('b'));
    hear(events('b', 4));
    expect(heard).toEqual(['connected', '1', '3']);
  });

  it('waits for the answer of a new leader before it hears it', () => {
    const { hear, heard } = aMember();
    hear(answer('a'));
    hear({ kind: 'leading', from: 'b' });
    hear(events('a', 2));
    hear(events('b', 3));
    hear(answer('b'));
    hear(events('b', 4));
    expect(heard).toEqual(['connected', '1', 'handover', 'connected', '1', '4']);
  });

  it('hears what it has missed of a topic once, and nothing of one that it no longer wants', () => {
    const topics$ = new Subject<readonly Topic[]>();
    const { hear, heard } = aMember(topics$);
    topics$.next(apple);
    topics$.next(quotes('AAPL.US'));
    hear(answer('a'));
    topics$.next([...apple, ...quotes('AAPL.US')]);
    hear(answer('a'));
    hear({ ...answer('a'), events: [aTrade({ price: 1 })] } as Message);
    hear(events('a', 2));
    topics$.next(quotes('AAPL.US'));
    hear(events('a', 3));
    expect(heard.filter((what) => what !== 'connected')).toEqual(['1', '2']);
  });

  it.each([
    ['its leader', 'a', ['connected', '1', '|'], ['connected', '1', `# ${String(error)}`]],
    ['somebody else', 'b', ['connected', '1'], ['connected', '1']],
  ])('takes the end of the feed from %s as it is', (_, from, completed, failed) => {
    const [one, other] = [aMember(), aMember()];
    one.hear(answer('a'));
    one.hear({ kind: 'completed', from });
    other.hear(answer('a'));
    other.hear({ kind: 'failed', from, error });
    expect([one.heard, other.heard]).toEqual([completed, failed]);
  });

  it('takes the end from whom it does not follow yet, and no topics of another for its own', () => {
    const [one, other] = [aMember(), aMember()];
    one.hear({ kind: 'completed', from: 'a' });
    other.hear({ kind: 'topics', from: 'b', topics: apple });
    other.hear({ kind: 'foreign', leading: false });
    other.hear({ kind: 'failed', from: 'a', error });
    expect([one.heard, other.heard]).toEqual([['|'], [`# ${String(error)}`]]);
  });

  it('cannot follow a leader of another version', () => {
    const { hear, heard } = aMember();
    hear({ kind: 'foreign', leading: true });
    expect(heard).toEqual([expect.stringContaining('the leading tab speaks another version')]);
  });
});
