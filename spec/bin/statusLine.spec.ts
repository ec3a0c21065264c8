import { statusLine } from '../../lib/bin/terminal.js';
import { FakeOutput } from './fakeIo.js';

const CLEAR = '\r\u001b[K';

describe('statusLine', () => {
  it('is drawn anew in its place, below what is noted, and leaves nothing of it', () => {
    const out = new FakeOutput(true);
    const { show, note, end } = statusLine(out, true);
    show('one');
    note('news');
    show('two');
    end();
    expect(out.text).toBe(`${CLEAR}one${CLEAR}news\none${CLEAR}two${CLEAR}`);
  });

  it('is cut to one line of the terminal', () => {
    const out = new FakeOutput(true);
    out.columns = 4;
    statusLine(out, true).show('12345');
    expect(out.text).toBe(`${CLEAR}123`);
  });

  it('is a line for each where nothing can be drawn anew', () => {
    const out = new FakeOutput();
    const { show, note, end } = statusLine(out, false);
    show('one');
    note('news');
    show('two');
    end();
    expect(out.lines()).toEqual(['one', 'news', 'two']);
  });
});
