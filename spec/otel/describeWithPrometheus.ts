import { execFileSync } from 'node:child_process';
import { describeSkipped } from '../describeSkipped.js';

const isThere = (binary: string): boolean => {
  try {
    execFileSync(binary, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const missing = ['prometheus', 'promtool'].every(isThere)
  ? undefined
  : 'no prometheus and promtool on the PATH: apt-get install prometheus';

/** `describe`; where there is no Prometheus, its specs are skipped, and it is said how to get one. */
export const describeWithPrometheus = (name: string, body: () => void): void => {
  if (missing === undefined) describe(name, body);
  else describeSkipped(name, missing, body);
};
