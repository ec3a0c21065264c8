import { existsSync } from 'node:fs';
import { Mistake } from './script.mjs';

const paths = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

/** The browser of the system. Where there is none it is said what helps. */
export const browserPath = () => {
  const named = process.env.CHROMIUM;
  if (named !== undefined && !existsSync(named)) {
    throw new Mistake(`CHROMIUM names ${named}, and there is no such file.`);
  }
  const path = named ?? paths.find((place) => existsSync(place));
  if (path) return path;
  throw new Mistake('There is no Chromium: apt-get install chromium-headless-shell, or name one in CHROMIUM.');
};
