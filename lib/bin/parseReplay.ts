import { intervals, isInterval, parseSymbol, type Interval } from '../index.js';
import type { Values } from './commandLine.js';
import type { Environment } from './Environment.js';
import { looksOf } from './looksOf.js';
import { Misuse } from './Misuse.js';
import { parseDuration } from './parseDuration.js';
import { parseMoment } from './parseMoment.js';
import type { Command, ReplayPlan } from './Plan.js';
import { levelsOf } from './wish.js';

/** The plan of `rxtape replay`, whose words are files and then, perhaps, `klines 5m` or `book 600000.SH`. */
export const parseReplay = (words: readonly string[], values: Values, env: Environment): ReplayPlan => {
  const place = words.findIndex((word) => word === 'klines' || word === 'book');
  const [what, ...of] = place < 0 ? [] : words.slice(place);
  const command = commandOf(what, of, values.levels);
  if (values.levels !== undefined && command.kind !== 'book')
    throw new Misuse('--levels is for a book; add book <symbol>');
  return {
    order: 'replay',
    tapes: tapesIn(place < 0 ? words : words.slice(0, place), 'replay'),
    command,
    speed: speedOf(values.speed),
    from: values.from === undefined ? undefined : parseMoment(values.from),
    length: values.for === undefined ? undefined : parseDuration(values.for),
    ...looksOf(values, env),
  };
};

/** The files that are named, each once. Throws `Misuse` when there are none. */
export const tapesIn = (words: readonly string[], command: string): readonly string[] => {
  if (words.length > 0) return [...new Set(words)];
  throw new Misuse(`name a recording; write rxtape ${command} tape.ndjson.gz`);
};

const commandOf = (what: string | undefined, [word, ...more]: readonly string[], levels = '10'): Command => {
  if (what === undefined) return { kind: 'watch' };
  if (what === 'klines') {
    if (more.length > 0) throw new Misuse('bars have one interval; write rxtape replay tape.ndjson.gz klines 5m');
    return { kind: 'klines', interval: intervalOf(word) };
  }
  if (word === undefined || more.length > 0) {
    throw new Misuse('a book is of one symbol; write rxtape replay tape.ndjson.gz book 600000.SH');
  }
  parseSymbol(word);
  return { kind: 'book', symbol: word, levels: levelsOf(levels) };
};

const intervalOf = (word = '1m'): Interval => {
  if (isInterval(word)) return word;
  throw new Misuse(`"${word}" is not an interval; it is one of ${intervals.join(', ')}`);
};

const speedOf = (text = '1'): number => {
  const speed = text === 'max' ? Infinity : Number(text);
  if (speed > 0 && (speed < Infinity || text === 'max')) return speed;
  throw new Misuse(`"${text}" is not a speed; write how many times faster, such as 10, or max`);
};
