import type { Message } from '../narrated.js';
import { sameValue } from './sameValue.js';

export type Notification = Message['notification'];

/** What two streams said in one frame. */
export interface Column {
  readonly frame: number;
  readonly received: readonly Notification[];
  readonly expected: readonly Notification[];
}

/** Two streams side by side, by frame. */
export const columnsOf = (received: readonly Message[], expected: readonly Message[]): readonly Column[] => {
  const columns = new Map<number, { frame: number; received: Notification[]; expected: Notification[] }>();
  const at = (frame: number) => {
    const column = columns.get(frame) ?? { frame, received: [], expected: [] };
    columns.set(frame, column);
    return column;
  };
  received.forEach(({ frame, notification }) => at(frame).received.push(notification));
  expected.forEach(({ frame, notification }) => at(frame).expected.push(notification));
  return [...columns.values()].sort((a, b) => a.frame - b.frame);
};

/** What a notification carries: a value, an error, or nothing. */
export const contentOf = (notification: Notification): unknown =>
  notification.kind === 'N' ? notification.value : notification.kind === 'E' ? notification.error : undefined;

export const sameNotification = (a: Notification | undefined, b: Notification | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.kind === b.kind && sameValue(contentOf(a), contentOf(b));

/** Whether both said the same in the frame. */
export const isAlike = ({ received, expected }: Column): boolean =>
  received.length === expected.length && received.every((said, index) => sameNotification(said, expected[index]));
