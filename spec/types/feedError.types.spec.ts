import { expectTypeOf } from 'expect-type';
import { HeartbeatMissed, isFeedError, isRecoverable, type FeedError, type FeedErrorData } from '../../lib/index.js';

/** Compiles only as long as every error has its case, and the facts of each are there. */
const remedyFor = (error: FeedError): string => {
  switch (error._tag) {
    case 'Unauthorized':
      return `ask for another token: ${error.reason}, ${error.status ?? 'in a message'}`;
    case 'HandshakeRefused':
      return `HTTP ${error.status}, wait ${error.retryAfter ?? 0}`;
    case 'ConnectionLost':
      return `wait: ${error.code} ${error.reason}`;
    case 'ConnectTimeout':
    case 'AuthTimeout':
      return `allow more than ${error.within}`;
    case 'HeartbeatMissed':
      return `allow more than ${error.silence}`;
    case 'SequenceGap':
      return `look at the book of ${error.symbol} behind ${error.last}`;
    case 'TokenUnavailable':
      return `look at the vault: ${error.reason}`;
    case 'KickedRepeatedly':
      return `find the other program: ${error.kicks}`;
    case 'FeedInUse':
      return `share ${error.endpoint}, or pay for more than ${error.connections}`;
    case 'InvalidTopic':
      return error.problem;
    case 'InvalidOption':
      return `${error.option}: ${error.problem}`;
  }
};

describe('the type of a feed error', () => {
  it('is narrowed by its tag', () => {
    expect(remedyFor(new HeartbeatMissed(30_000))).toBe('allow more than 30000');
    expectTypeOf<Extract<FeedError, { _tag: 'HeartbeatMissed' }>>().toEqualTypeOf<HeartbeatMissed>();
    expectTypeOf<FeedError>().toExtend<Error>();
  });

  it('is found by a guard in whatever was thrown', () => {
    const thrown: unknown = new HeartbeatMissed(1);
    if (isFeedError(thrown)) expectTypeOf(thrown).toEqualTypeOf<FeedError>();
    expectTypeOf(isRecoverable).parameter(0).toExtend<Pick<FeedError, '_tag'>>();
    expectTypeOf<FeedError | FeedErrorData>().toExtend<Parameters<typeof isRecoverable>[0]>();
  });
});
