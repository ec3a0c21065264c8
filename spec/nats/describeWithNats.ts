import { execFileSync } from 'node:child_process';
import { describeSkipped } from '../describeSkipped.js';

const BINARY = 'nats-server';

const isThere = (): boolean => {
  try {
    execFileSync(BINARY, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Why there is no server, and what to do about it. */
export const noNats = isThere() ? undefined : 'no nats-server on the PATH: apt-get install nats-server';

/** `describe`; where there is no server, its specs are skipped, and it is said how to get one. */
export const describeWithNats = (name: string, body: () => void): void => {
  if (noNats === undefined) describe(name, body);
  else describeSkipped(name, noNats, body);
};
