import { interval, NEVER, timer, type Observable } from 'rxjs';

/** `timer`, for which `Infinity` means never. */
export const after = (delay: number): Observable<unknown> => (delay === Infinity ? NEVER : timer(delay));

/** `interval`, for which `Infinity` means never. */
export const every = (period: number): Observable<unknown> => (period === Infinity ? NEVER : interval(period));
