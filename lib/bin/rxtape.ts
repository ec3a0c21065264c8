#!/usr/bin/env node
import { processIo } from './processIo.js';
import { run } from './run.js';

void run(process.argv.slice(2), process.env, processIo()).then((code) => process.exit(code));
