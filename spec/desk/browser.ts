import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from 'playwright-core';
import { describeSkipped } from '../describeSkipped.js';

const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'];

const path = process.env['CHROMIUM'] ?? places.find((place) => existsSync(place));

/** Why there is nothing to see, and what to do about it. */
export const noBrowser =
  path === undefined
    ? 'no browser found: apt-get install chromium-headless-shell, or set CHROMIUM to the path of one'
    : undefined;

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless browser with a new, empty profile. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: path ?? '', args: flags });

/**
 * One whose pages can be hidden and frozen: Playwright lets every page of a browser that it has launched believe that it
 * is looked at. Only its default context is meant.
 */
export const launchUnseen = async (): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'rxtape-profile-'));
  const remote = ['--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(path ?? '', [...flags, ...remote], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let address: string | undefined;
  for await (const line of createInterface(child.stderr)) {
    address = /listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) break;
  }
  child.stderr.resume();
  const browser = await chromium.connectOverCDP(address ?? '', { noDefaults: true });
  browser.close = async () => {
    // With its group: the program is started by a script, and would outlive that.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
    child.stderr.destroy();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return browser;
};

/** `describe`; where no browser is found, its specs are skipped, and it is said why. */
export const describeInBrowser = (name: string, body: () => void): void => {
  if (noBrowser === undefined) describe(name, body);
  else describeSkipped(name, noBrowser, body);
};
