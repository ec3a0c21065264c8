import { parseArgs } from 'node:util';

/** A mistake of who calls a script, not of the script: one sentence, and exit code 2. */
export class Mistake extends Error {}

/** The options of the command line; an unknown one is a mistake, and the known ones are named. */
export const optionsOf = (options, positionals = false) => {
  try {
    return parseArgs({ options, allowPositionals: positionals });
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    const what = /'([^']+)'/.exec(error.message)?.[1] ?? error.message;
    throw new Mistake(
      error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
        ? `${what} is no option of this script: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}.`
        : `${error.message.split('\n')[0].replace(/\.$/, '')}.`,
    );
  }
};

/** A number that an option gives, from `least` to `most`. */
export const numberOf = (name, text, { least = 0, most = Infinity, whole = false } = {}) => {
  if (text === undefined) return undefined;
  const value = Number(text);
  const isNumber = text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (isNumber) return value;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Mistake(`--${name} takes a ${whole ? 'whole ' : ''}number ${range}, and not “${text}”.`);
};

/** What an error of the system means to who called. */
const sentenceOf = (error) => {
  if (error instanceof Mistake) return error.message;
  if (error?.code === 'EADDRINUSE') {
    return `Port ${error.port} of ${error.address} is taken: give another one by --port, or end who has it.`;
  }
  if (error?.code === 'EACCES') return `Port ${error.port} may not be opened by you: give one above 1023 by --port.`;
  return undefined;
};

/** Runs a script: what its caller can mend is one sentence and exit code 2, all else is a fault of ours with its stack. */
export const run = async (main) => {
  try {
    await main();
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    console.error(sentence);
    process.exit(2);
  }
};
