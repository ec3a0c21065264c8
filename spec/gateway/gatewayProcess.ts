import { connected, opened, quote, vendor } from './stage.js';

/** A gateway as a process of its own: it says its port, and then a quote every few milliseconds. */
const run = async (): Promise<void> => {
  // The feed outlives its clients.
  const acme = vendor(60_000);
  const { port } = await opened(acme.shared);
  let count = 0;
  setInterval(() => {
    if (acme.feeds() === 0) return;
    if (count === 0) acme.say(connected());
    acme.say(quote('A.US', (count += 1)));
  }, 10);
  console.log(port);
};

void run();
