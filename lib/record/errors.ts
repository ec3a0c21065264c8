import { Tagged } from '../model/Tagged.js';

/** A file that is not a cassette, or a line of one that cannot be read. */
export class BadCassette extends Tagged<'BadCassette'> {
  constructor(
    readonly file: string,
    /** Which line, from 1; 0 for the file itself. */
    readonly line: number,
    /** What is wrong and what to do. */
    readonly problem: string,
  ) {
    super('BadCassette', `${file}${line > 0 ? `:${line}` : ''} ${problem}`);
  }
}

/** The feed that replays a cassette asks for connections that the cassette does not hold. */
export class WrongCassette extends Tagged<'WrongCassette'> {
  constructor(
    /** The address that was asked for, without its query. */
    readonly asked: string,
    /** The addresses that were recorded. */
    readonly recorded: readonly string[],
  ) {
    super(
      'WrongCassette',
      `the feed asks for ${asked}, and the cassette holds ${recorded.join(', ')}; ` +
        'make the feed that was recorded, or give it the `url` of the recording',
    );
  }
}

/** The feed that replays a cassette sends a request that the cassette does not hold, or not once more. */
export class NotRecorded extends Tagged<'NotRecorded'> {
  constructor(
    /** Its method and its address, without credentials. */
    readonly request: string,
  ) {
    super(
      'NotRecorded',
      `the cassette has no answer to ${request}; replay from its beginning the feed that was recorded, with its topics and options`,
    );
  }
}

/** What was recorded could not be written any further. */
export class RecordingFailed extends Tagged<'RecordingFailed'> {
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super('RecordingFailed', `${file} could not be written (${reason}); what was written before is whole`);
  }
}
