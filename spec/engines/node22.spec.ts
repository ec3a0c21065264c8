import { describeEngine } from './checks.js';
import { node22 } from './engines.js';

describeEngine(node22, true);
