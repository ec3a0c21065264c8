import { of, type Observable } from 'rxjs';
import { ConnectionLost } from '../../lib/model/errors.js';
import { connectOver } from '../../lib/transport/connect.js';
import { blankSocket } from '../../lib/transport/wrapSocket.js';

/** A socket that gives its texts as bytes, as that of Node does; what a connection says of them. */
const saidOf = (frames: readonly string[], maxFrameBytes = 100) => {
  const socket = blankSocket(
    () => undefined,
    () => undefined,
  );
  const said: unknown[] = [];
  const note = (frames$: Observable<unknown> = of()): void => void frames$.subscribe((frame) => said.push(frame));
  connectOver({ openSocket: () => socket, headers: true })('wss://vendor', { maxFrameBytes }).subscribe({
    next: ({ messages$, frames$ }) => {
      note(messages$);
      note(frames$);
    },
    error: (error: unknown) => said.push(error),
  });
  socket.onopen?.({});
  for (const frame of frames) {
    const bytes = Buffer.from(frame);
    socket.onmessage?.({ bytes, data: bytes.toString() });
  }
  return said;
};

describe('frames that come as bytes', () => {
  it('are texts to those who read messages, and bytes to those who read frames', () => {
    expect(saidOf(['茅台'])).toEqual(['茅台', Buffer.from('茅台')]);
  });

  it('cost the connection above the largest size, counted in bytes', () => {
    expect(saidOf(['茅台'], 6)).toHaveLength(2);
    expect(saidOf(['茅台!'], 6)).toEqual([new ConnectionLost(1009, 'a frame is larger than 6 bytes')]);
  });
});
