/**
 * What an event costs on its way from the leading tab to another: made flat, cloned (serialised and deserialised, as a
 * channel does), and checked on arrival; one by one and in batches. The clone is Node's; browsers differ.
 *
 *     npm run bench:tabs
 */
import { performance } from 'node:perf_hooks';
import { deserialize, serialize } from 'node:v8';
import type { FeedEvent } from '../lib/index.js';
import { read, write } from '../lib/share/tabs/channel.js';
import { aDepth, aQuote } from '../lib/testing/builders.js';
import { median } from './ratio.js';

const levels = Array.from({ length: 10 }, (_, i) => ({ price: 100 + i / 100, size: 100 * i, orders: i }));
const kinds: Readonly<Record<string, FeedEvent>> = {
  quote: aQuote({ open: 1, high: 2, low: 3, previousClose: 4, volume: 5, turnover: 6, sizeUnit: 'shares' }),
  'depth of 10 levels': aDepth({ bids: levels, asks: levels }),
};
const EVENTS = 20_000;
const ROUNDS = 9;

/** Microseconds an event, for the leader and for one follower. */
const costs = (event: FeedEvent, batch: number): readonly [leader: number, follower: number] => {
  // Copies: one object twice in a message would travel once.
  const events = Array.from({ length: batch }, () => structuredClone(event));
  const turns = EVENTS / batch;
  const timed = (work: () => void): number => {
    const start = performance.now();
    for (let i = 0; i < turns; i++) work();
    return ((performance.now() - start) * 1_000) / EVENTS;
  };
  const say = (): Buffer => serialize(write({ kind: 'events', from: 'a', events }));
  const wire = say();
  const rounds = Array.from(
    { length: ROUNDS },
    () => [timed(() => void say()), timed(() => void read(deserialize(wire)))] as const,
  );
  return [median(rounds.map(([leader]) => leader)), median(rounds.map(([, follower]) => follower))];
};

console.log('| event | in a message | leader, us an event | each follower, us an event |');
console.log('|---|---|---|---|');
for (const [name, event] of Object.entries(kinds)) {
  for (const batch of [1, 10, 100]) {
    const [leader, follower] = costs(event, batch);
    console.log(`| ${name} | ${batch} | ${leader.toFixed(1)} | ${follower.toFixed(1)} |`);
  }
}
