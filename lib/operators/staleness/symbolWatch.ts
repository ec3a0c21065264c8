import type { Calendar } from '../../model/calendar/Calendar.js';
import { sessionDays, type Span } from '../../model/calendar/sessionDays.js';
import type { QuoteStatus } from '../../model/marketEvent.js';
import { patienceOf } from './patience.js';
import type { StalenessSettings } from './StalenessOptions.js';

/** What can be said of a symbol that has been heard. */
export type SymbolState = 'fresh' | 'stale' | 'closed' | 'halted';

/** The silence of one symbol in the trading time of its venue. Moments are epoch ms and never go back. */
export interface SymbolWatch {
  /** When its last event came. */
  readonly since: () => number;
  readonly hear: (now: number) => void;
  /** Takes the vendor's word; that it is closed holds until its venue next opens. */
  readonly believe: (status: QuoteStatus, now: number) => void;
  /** The link is lost, and with it all trust up to the next event. */
  readonly cut: () => void;
  readonly stateAt: (now: number) => SymbolState;
  /** When its state may change without an event; later than now unless it is idle. */
  readonly dueAt: (now: number) => number;
  readonly isIdleAt: (now: number) => boolean;
}

/** A symbol whose first event has just come. */
export const symbolWatch = (settings: StalenessSettings, calendar: Calendar, first: number): SymbolWatch => {
  const { idle } = settings;
  const patience = patienceOf(settings);
  let hours = hoursAt(calendar, first);
  let since = first;
  let before = 0; // silence in the hours that have passed
  let isCut = false;
  let standing: 'halted' | 'closed' | undefined;
  let closedUntil = -Infinity;

  const silentFrom = (): number => Math.max(since, hours.from);
  const silenceAt = (now: number): number => before + Math.max(0, now - silentFrom());

  const moveTo = (now: number): void => {
    while (now >= hours.to) {
      const next = hoursAt(calendar, hours.to);
      before = silenceAt(hours.to);
      if (next.from > hours.to) closedUntil = Math.min(closedUntil, next.from);
      hours = next;
    }
  };

  const stateAt = (now: number): SymbolState => {
    moveTo(now);
    if (standing) return standing;
    if (now < hours.from || now < closedUntil) return 'closed';
    return isCut || silenceAt(now) >= patience.length() ? 'stale' : 'fresh';
  };

  return {
    since: () => since,
    hear: (now) => {
      const state = stateAt(now);
      const isPlainSilence = !isCut && (state === 'fresh' || state === 'stale');
      if (isPlainSilence) patience.learn(silenceAt(now));
      since = now;
      before = 0;
      isCut = false;
    },
    believe: (status, now) => {
      const isClosed = status === 'closed' || status === 'lunch_break';
      standing = status === 'halted' ? 'halted' : status === 'delisted' ? 'closed' : undefined;
      closedUntil = !isClosed ? -Infinity : now < hours.from ? hours.from : Infinity;
    },
    cut: () => {
      isCut = true;
    },
    stateAt,
    dueAt: (now) => {
      if (now < hours.from) return hours.from;
      const isOverdue = silenceAt(now) >= patience.length();
      return Math.min(hours.to, silentFrom() - before + (isOverdue ? idle : patience.length()));
    },
    isIdleAt: (now) => {
      moveTo(now);
      return silenceAt(now) >= idle;
    },
  };
};

/** The trading span that a moment is in, or else the next one. */
const hoursAt = (calendar: Calendar, time: number): Span => {
  const { stretches, until } = sessionDays(calendar).at(time);
  return stretches.find(({ to }) => time < to) ?? hoursAt(calendar, until);
};
