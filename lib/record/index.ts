export type {
  ActiveConnection,
  Cassette,
  Entry,
  Lost,
  ReadOptions,
  RequestEntry,
  RequestEvent,
  SocketEntry,
  SocketEvent,
  Stamp,
  Start,
} from './Cassette.js';
export {
  dumpOn,
  memorySink,
  ringSink,
  type Loss,
  type MemorySink,
  type RingSink,
  type RingSinkOptions,
  type Sink,
  type Track,
} from './sinks.js';
export { BadCassette, NotRecorded, RecordingFailed, WrongCassette } from './errors.js';
export { fileSink, type FileSink, type FileSinkOptions, type FileStats } from './files/fileSink.js';
export { readCassette, writeCassette } from './files/cassetteFile.js';
export { inspectCassette, type CassetteGap, type Inspection, type Traffic } from './inspectCassette.js';
export { mergeCassettes } from './mergeCassettes.js';
export { parseCassette, type ParseOptions } from './parseCassette.js';
export { record, type FeedConnection, type RecordableFeed, type RecordOptions } from './record.js';
export { replay, type ReplayOptions } from './replay.js';
