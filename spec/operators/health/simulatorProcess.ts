import { startSimulator } from '../../../lib/simulator/index.js';

/** A simulator as a process of its own, so that a consumer that blocks its thread does not stop it: it says its address. */
const run = async (): Promise<void> => {
  const { url } = await startSimulator();
  console.log(url);
};

void run();
