import { stderr } from 'node:process';

/** `describe.skip` that says why: Jest prints neither the names nor the console of a file of which all is skipped. */
export const describeSkipped = (name: string, why: string, body: () => void): void => {
  stderr.write(`skipped: ${name} (${why})\n`);
  describe.skip(`${name} (${why})`, body);
};
