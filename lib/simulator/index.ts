export type { RefusalOptions, VendorControl } from './control.js';
export type { ItickRules } from './itick/rules.js';
export type { Phase } from './market/hours.js';
export type { Aggressor, DayFigures, Ladders, SimulatedLevel, MarketSnapshot } from './market/snapshot.js';
export type { SimulatedInstrument, SimulatedSymbol } from './market/listing.js';
export type { Cluster } from './market/venues.js';
export { startSimulator, type Simulator, type SimulatorOptions } from './startSimulator.js';
export type { TickflowChannel, TickflowRules } from './tickflow/rules.js';
