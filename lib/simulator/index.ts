export type { RefusalOptions, VendorControl } from './control.js';
export type { ItickRules } from './itick/options.js';
export type { Aggressor, SimulatedLevel, Truth } from './market/instrument.js';
export type { SimulatedInstrument, SimulatedSymbol } from './market/listing.js';
export type { Cluster } from './market/venues.js';
export type { SimulatorOptions } from './options.js';
export { startSimulator, type Simulator } from './startSimulator.js';
export type { TickflowChannel, TickflowRules } from './tickflow/options.js';
