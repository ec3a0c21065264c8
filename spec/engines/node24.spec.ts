import { describeEngine } from './checks.js';
import { node24 } from './engines.js';

describeEngine(node24, true);
