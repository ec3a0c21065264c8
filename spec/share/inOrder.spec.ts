import { inOrder } from '../../lib/share/inOrder.js';

describe('inOrder', () => {
  const record = () => {
    const said: string[] = [];
    return { said, say: (word: string) => void said.push(word) };
  };

  it('does one task after the other, at once', () => {
    const { said, say } = record();
    const { enter } = inOrder();
    enter(say, 'a');
    enter(say, 'b');
    expect(said).toEqual(['a', 'b']);
  });

  it('lets a task that comes inside another wait for its end, in the order of coming', () => {
    const { said, say } = record();
    const { enter } = inOrder();
    enter((word: string) => {
      enter(() => (enter(say, '4'), say('2')), undefined);
      enter(say, '3');
      say(word);
    }, '1');
    expect(said).toEqual(['1', '2', '3', '4']);
  });

  it('interjects at once, and lets what comes meanwhile wait', () => {
    const { said, say } = record();
    const { enter, interject } = inOrder();
    const answer = interject((word: string) => {
      enter(say, '3');
      interject(say, '1');
      say(word);
      return 'done';
    }, '2');
    expect([...said, answer]).toEqual(['1', '2', '3', 'done']);
  });

  it('goes on after a task that throws', () => {
    const { said, say } = record();
    const { enter } = inOrder();
    const fail = () => {
      throw new Error('a bug');
    };
    expect(() => enter(fail, undefined)).toThrow('a bug');
    enter(say, 'a');
    expect(said).toEqual(['a']);
  });
});
