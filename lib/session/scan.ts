/**
 * Reads frames from their bytes, in Node: `scannerSource` writes a module that does, of the codecs of a provider, and `scanned`
 * puts it before its decoder. A browser reads frames as texts.
 */
export * from '../codec/scan.js';
export { scannerSource, type ScannerModules } from '../codec/generator/scannerSource.js';
export { scanned, type Scan } from './scanned.js';
