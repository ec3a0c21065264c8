import { record, type RecordableFeed, type Sink } from '../../../lib/record/index.js';
import { replayClock, replayTime } from '../../../lib/record/replayTime.js';
import type { OpenSocket } from '../../../lib/transport/SocketLike.js';

/** What is lived through, by a clock of its own. */
export interface Scene {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds between two beats. */
  readonly every: number;
  readonly openSocket: OpenSocket;
  /** What happens at the beginning. */
  readonly begin?: () => void;
  /** What the vendors do at a beat. */
  readonly beat: (now: number) => void;
  /** Has the next beat wait, for the disk. */
  readonly pause?: () => Promise<void> | undefined;
}

/**
 * Records a feed of vendors on a fake network. The time of the scene is the only one there is: vendors, feed, bars and the
 * recorder go by one clock, so that what is seen live can be compared with a replay to the byte.
 */
export const recordVirtually = async <T>(
  { from, to, every, openSocket, begin = () => undefined, beat, pause = () => undefined }: Scene,
  makeFeed: RecordableFeed<T>,
  sink: Sink,
  see: (value: T) => void,
): Promise<void> => {
  const clock = replayClock(from);
  const { inside } = replayTime(clock);
  const monotonic = (): number => clock.now() - from;
  const recording = inside(() => record(makeFeed, sink, { openSocket, monotonic }).subscribe(see));
  inside(begin);
  for (let now = from + every; now < to; now += every) {
    inside(() => {
      clock.runTo(now);
      beat(now);
    });
    await pause();
  }
  inside(() => recording.unsubscribe());
};
