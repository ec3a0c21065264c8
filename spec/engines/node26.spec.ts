import { describeEngine } from './checks.js';
import { node26 } from './engines.js';

describeEngine(node26, true);
