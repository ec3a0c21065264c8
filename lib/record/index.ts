export type { Cassette, ReadOptions } from './Cassette.js';
export type { Entry, Happening, Lost, SocketEntry, Stamp, Standing, Start } from './Entry.js';
export { BadCassette, RecordingFailed, WrongCassette } from './errors.js';
export { memorySink, type MemorySink } from './memorySink.js';
export { mergeCassettes } from './mergeCassettes.js';
export { parseCassette, type ParseOptions } from './parseCassette.js';
export { record, type MakeTaped, type RecordOptions, type Tape } from './record.js';
export { replay, type ReplayOptions } from './replay.js';
export type { Sink, Track } from './Sink.js';
