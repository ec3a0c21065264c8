import { spawn, spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/** This environment with a program's folder in front of the PATH, and nothing of the run of Jest in it. */
export const withPath = (program: string): NodeJS.ProcessEnv => {
  const { PATH = '' } = process.env;
  const ofJest = { RXTAPE_COUNTS: undefined, JEST_WORKER_ID: undefined, NODE_OPTIONS: undefined };
  return { ...process.env, ...ofJest, PATH: `${dirname(program)}${delimiter}${PATH}`, NO_COLOR: '1' };
};

/** Installs packages in a folder, with the npm of this machine run by the given Node. Throws with npm's words. */
export const npm = (cwd: string, node: string, ...packages: readonly string[]): string => {
  const words = ['install', '--prefix', cwd, '--prefer-offline', '--no-audit', '--no-fund', ...packages];
  const { status, stdout, stderr } = spawnSync('npm', words, { cwd, encoding: 'utf8', env: withPath(node) });
  if (status === 0) return stderr;
  throw new Error(`npm cannot install ${packages.join(' ')}; is the registry reachable?\n${stdout}${stderr}`);
};

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly said: string;
  /** The first line that tells of an error; else the last one. */
  readonly reason: string;
}

export interface RunOptions {
  /** The engine that scripts of the PATH run on; by default the program itself. */
  readonly engine?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly limit?: number;
}

/** Runs a program to its end, or to the limit. */
export const ran = (
  cwd: string,
  program: string,
  words: readonly string[],
  { engine = program, env = {}, limit = 150_000 }: RunOptions = {},
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const all = { ...withPath(engine), ...env };
    const child = spawn(program, words, { cwd, env: all, stdio: ['ignore', 'pipe', 'pipe'], timeout: limit });
    let said = '';
    const listen = (part: Buffer): void => {
      said += part.toString();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said, reason: code === null ? 'it never ended' : reasonIn(said) }));
  });

const reasonIn = (said: string): string => {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = lines.find((line) => /\b\w*(error|InvalidOption|Timeout)\w*\b.*:/i.test(line));
  const reason = found ?? lines.at(-1) ?? 'it said nothing';
  return reason.replace(/^(?:error: )?Uncaught (?:\(in promise\) )?/, '').slice(0, 200);
};
