import { describeEngine } from './checks.js';
import { node20 } from './engines.js';

describeEngine(node20, true);
