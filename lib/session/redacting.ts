export { redacting } from '../model/redacting.js';
