import { asyncScheduler } from 'rxjs';
import type { DayVendor } from './vendors.js';

/** A trouble of one vendor or both. */
export interface Outage {
  /** Milliseconds after the day began. */
  readonly at: number;
  readonly befall: (vendors: { readonly itick: DayVendor; readonly tickflow: DayVendor }) => void;
}

/** A drop, and nobody is let in for so many milliseconds. */
const cut = ({ vendor }: DayVendor, lasting: number): void => {
  vendor.drop();
  if (lasting === 0) return;
  vendor.refuse(503, '1');
  asyncScheduler.schedule(() => vendor.accept(), lasting);
};

/** A day this short still has each outage for as long as on a whole day, in milliseconds; on a shorter one they shrink with it. */
const ROOMY = 1_200_000;

/**
 * Five kinds of it, spread over a day of so many milliseconds; none in the lunch break of a day from 09:30 to 15:00. All are
 * over before the day is, from six minutes on, as the `retryAt` of a loss that the tape ends in is not on the tape.
 */
export const outagesOver = (span: number): readonly Outage[] => outages(span, Math.min(1, span / ROOMY));

const outages = (span: number, shrink: number): readonly Outage[] => [
  { at: Math.round(0.08 * span) + 3, befall: ({ itick }) => cut(itick, 0) },
  {
    at: Math.round(0.27 * span) + 7,
    befall: ({ tickflow }) => {
      tickflow.vendor.close(1001, 'restart');
      cut(tickflow, 40_000 * shrink);
    },
  },
  {
    at: Math.round(0.66 * span) + 11,
    befall: (both) => [both.itick, both.tickflow].forEach((vendor) => cut(vendor, 150_000 * shrink)),
  },
  {
    at: Math.round(0.8 * span) + 13,
    befall: ({ itick: { vendor } }) => {
      vendor.mute();
      asyncScheduler.schedule(() => vendor.mute(false), 120_000 * shrink);
    },
  },
  { at: Math.round(0.95 * span) + 17, befall: ({ tickflow }) => cut(tickflow, 20_000 * shrink) },
];
