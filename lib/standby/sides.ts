/** One of two feeds of the same provider. */
export type Side = 0 | 1;

export const sides = [0, 1] as const;

export const otherOf = (side: Side): Side => (side === 0 ? 1 : 0);

/** How long, in milliseconds, a line that is back waits for the other one to say what it has just said. */
export const PATIENCE = 1_000;
