export { checkDuration } from './check.js';
