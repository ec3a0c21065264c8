/**
 * What `rotating` promises, over real sockets: a feed whose session is succeeded every 2 s, under load.
 *
 *     npm run prove:rotation                    ten minutes, 2,000 events a second
 *     npm run prove:rotation -- 30 5000 500     seconds, events a second, milliseconds from one session to the next
 */
import { argv, exit, memoryUsage } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { rotating } from '../lib/session/index.js';
import { countedSockets, counting, plainTopics, plainVendor } from '../spec/session/plainVendor.js';
import { streamFeed } from '../spec/session/streamVendor.js';

const [seconds = 600, perSecond = 2_000, after = 2_000] = argv.slice(2).map(Number);
const topics = plainTopics(20);

const prove = async (): Promise<void> => {
  const vendor = await plainVendor(perSecond, topics);
  const { counts, take } = counting();
  const { openSocket, most } = countedSockets();
  const endpoint = vendor.url;
  const feed = streamFeed({ topics, endpoint, openSocket, rotation: rotating({ after }) }).subscribe({
    next: take,
    error: (error: unknown) => {
      console.error(error);
      exit(1);
    },
  });
  await sleep(seconds * 1_000);
  feed.unsubscribe();
  const heap = Math.round(memoryUsage().heapUsed / 2 ** 20);
  console.log(`${topics.length} topics, ${perSecond} events a second, ${seconds} s, a session each ${after} ms`);
  console.log(`  said ${vendor.said()}, heard ${counts.events}`);
  console.log(`  sessions ${vendor.opened()}, at most ${most()} sockets at once`);
  console.log(`  holes ${counts.holes}, duplicates ${counts.duplicates}, disconnected ${counts.disconnected}`);
  console.log(`  heap at the end ${heap} MiB`);
  await vendor.close();
  if (counts.holes + counts.duplicates + counts.disconnected > 0 || most() > 2) exit(1);
};

void prove();
