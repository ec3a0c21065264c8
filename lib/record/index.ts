export type {
  Cassette,
  Entry,
  SocketEvent,
  Lost,
  ReadOptions,
  SocketEntry,
  Stamp,
  ActiveConnection,
  Start,
} from './Cassette.js';
export {
  dumpOn,
  type Loss,
  type MemorySink,
  memorySink,
  type RingSink,
  ringSink,
  type RingSinkOptions,
  type Sink,
  type Track,
} from './sinks.js';
export { BadCassette, RecordingFailed, WrongCassette } from './errors.js';
export { type FileSink, fileSink, type FileSinkOptions, type FileStats } from './files/fileSink.js';
export { readCassette, writeCassette } from './files/cassetteFile.js';
export { inspectCassette, type Inspection, type CassetteGap, type Traffic } from './inspectCassette.js';
export { mergeCassettes } from './mergeCassettes.js';
export { parseCassette, type ParseOptions } from './parseCassette.js';
export { type RecordableFeed, record, type RecordOptions, type FeedConnection } from './record.js';
export { replay, type ReplayOptions } from './replay.js';
