#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromEvent, merge } from 'rxjs';
import { run } from './run.js';
import type { Io } from './terminal.js';

/** The version of the package, from the compiled console in `dist/cjs/bin`. */
const version = (): string => {
  const text = readFileSync(join(__dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
};

/** The streams and signals of this process. A second signal ends it at once: the listener is gone by then. */
const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  interrupted$: merge(...['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => fromEvent(process, signal))),
});

void run(process.argv.slice(2), process.env, processIo()).then((code) => process.exit(code));
