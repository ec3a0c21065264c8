/** A clock of its own that timers and `Date.now` obey, so that hours of a market pass in seconds. */
export interface VirtualClock {
  /** Makes it the clock that counts, moves it on, and rings what is due meanwhile, each at its time. */
  readonly to: (time: number) => void;
}

interface Timer {
  readonly ring: () => void;
  readonly every: number;
  due: number;
}

interface State {
  now: number;
  /** When the first timer is due. */
  next: number;
  readonly timers: Set<Timer>;
}

const realNow = Date.now;
let counting: State | undefined;

/** Several may take turns in a process; what is scheduled belongs to the one that counts. */
export const virtualClock = (start: number): VirtualClock => {
  install();
  const state: State = { now: start, next: Infinity, timers: new Set() };
  counting = state;
  const ringFirst = (): void => {
    for (const timer of state.timers) {
      if (timer.due > state.next) continue;
      state.now = timer.due;
      timer.due += timer.every;
      timer.ring();
      break;
    }
    state.next = nextOf(state);
  };
  return {
    to: (time) => {
      counting = state;
      while (state.next <= time) ringFirst();
      state.now = time;
    },
  };
};

const nextOf = ({ timers }: State): number => {
  let next = Infinity;
  for (const { due } of timers) next = Math.min(next, due);
  return next;
};

const install = (): void => {
  if (counting) return;
  Object.assign(Date, {
    now: (): number => {
      // What it costs to ask the time is part of the work.
      const real = realNow();
      return counting?.now ?? real;
    },
  });
  Object.assign(globalThis, {
    setInterval: (ring: () => void, delay = 0): Timer => {
      const every = Math.max(1, delay);
      const timer = { ring, every, due: counting!.now + every };
      counting!.timers.add(timer);
      counting!.next = Math.min(counting!.next, timer.due);
      return timer;
    },
    clearInterval: (timer: Timer): void => {
      counting!.timers.delete(timer);
    },
  });
};
