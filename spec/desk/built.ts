import { join } from 'node:path';
import { packed } from '../package/packed.js';

/** The folder of the built example; see `build.ts`. */
export const built = join(packed().clone, 'examples/angular-desk');
