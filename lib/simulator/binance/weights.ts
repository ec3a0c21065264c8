import { asyncScheduler } from 'rxjs';
import type { BinanceRules } from './rules.js';

/** How an address that asks too much is refused. */
export interface TooMuch {
  readonly status: 418 | 429;
  /** Seconds. */
  readonly retryAfter: number;
  readonly msg: string;
}

/** The request weights of all addresses. */
export interface Weights {
  /** Counts a request, and says why it is not answered. */
  readonly charge: (address: string, weight: number) => TooMuch | undefined;
  readonly used: (address: string) => number;
}

interface Account {
  /** Which `per` it counts, from the epoch on. */
  minute: number;
  used: number;
  /** Requests in a row that were refused. */
  refused: number;
  bannedUntil: number;
  bans: number;
}

const LONGEST_BAN = 3 * 86_400_000;
const ADDRESSES = 10_000;
const ADVICE = 'Please use WebSocket Streams for live updates to avoid';

const banned = ({ bannedUntil }: Account, now: number): TooMuch => ({
  status: 418,
  retryAfter: Math.ceil((bannedUntil - now) / 1_000),
  msg: `Way too much request weight used; IP banned until ${bannedUntil}. ${ADVICE} bans.`,
});

export const createWeights = ({ weight: { limit, per }, ban }: Required<BinanceRules>): Weights => {
  const accounts = new Map<string, Account>();

  const accountOf = (address: string): Account => {
    const minute = Math.floor(asyncScheduler.now() / per);
    const account = accounts.get(address) ?? { minute, used: 0, refused: 0, bannedUntil: 0, bans: 0 };
    if (account.minute !== minute) account.used = 0;
    account.minute = minute;
    if (accounts.size >= ADDRESSES) accounts.clear();
    accounts.set(address, account);
    return account;
  };

  return {
    used: (address) => accountOf(address).used,
    charge: (address, weight) => {
      const now = asyncScheduler.now();
      const account = accountOf(address);
      if (now < account.bannedUntil) return banned(account, now);
      account.used += weight;
      if (account.used <= limit) {
        account.refused = 0;
        return undefined;
      }
      account.refused += 1;
      if (account.refused > ban.after) {
        account.bannedUntil = now + Math.min(LONGEST_BAN, ban.lasts * 2 ** account.bans);
        account.bans += 1;
        account.refused = 0;
        return banned(account, now);
      }
      return {
        status: 429,
        retryAfter: Math.ceil(((account.minute + 1) * per - now) / 1_000),
        msg: `Too much request weight used; current limit is ${limit} request weight per ${per / 1_000} seconds. ${ADVICE} polling the API.`,
      };
    },
  };
};
