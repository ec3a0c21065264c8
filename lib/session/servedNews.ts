import type { Refused, Subscribed, Unsubscribed } from '../model/feedEvent.js';

/** What a session says of the topics that its vendor serves. */
export type ServedNews = Subscribed | Unsubscribed | Refused;

export const isServedNews = (message: { readonly kind: string }): message is ServedNews =>
  message.kind === 'subscribed' || message.kind === 'unsubscribed' || message.kind === 'refused';
