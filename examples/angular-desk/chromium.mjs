import { existsSync } from 'node:fs';

const paths = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** The browser of the system, if there is one. */
export const browserPath = process.env.CHROMIUM ?? paths.find(existsSync);

export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

if (!browserPath) throw new Error('no Chromium found: apt install chromium-headless-shell, or name one in CHROMIUM');
