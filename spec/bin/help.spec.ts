import { commands, options } from '../../lib/bin/commandLine.js';
import { helpOf } from '../../lib/bin/help.js';
import { sourceNames } from '../../lib/bin/selection.js';
import { intervals } from '../../lib/index.js';

const names = Object.keys(commands) as (keyof typeof commands)[];
const texts = [undefined, ...names, 'sources', 'environment'].map((about) => [about, helpOf(about)] as const);

describe('help', () => {
  it.each(texts)('about %s fits a terminal of 24 lines and 80 columns', (_about, text) => {
    const lines = text.split('\n');
    // The last line is that of the prompt.
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toBe('');
    expect(text).not.toContain('undefined');
  });

  it('names every command, source and interval', () => {
    for (const name of names) expect(helpOf(undefined)).toContain(`rxtape ${name === 'watch' ? '[watch]' : name}`);
    for (const word of [...sourceNames, ...intervals]) expect(helpOf('sources')).toContain(word);
  });

  it.each(names)('of %s names its options, and no others', (name) => {
    const named = [...helpOf(name).matchAll(/^ {2}--([a-z-]+)/gm)].map(([, option]) => option);
    expect(named).toEqual(commands[name]);
  });

  it('has a place for each option', () => {
    const all = new Set(names.flatMap((name): readonly string[] => commands[name]));
    expect(Object.keys(options).filter((option) => !all.has(option))).toEqual(['help', 'version']);
  });

  it('says what there is help about', () => {
    expect(() => helpOf('wach')).toThrow('no help is there about "wach"; did you mean watch?');
    expect(() => helpOf('weather')).toThrow(/; write watch, live, .*, sources, environment$/);
  });
});
