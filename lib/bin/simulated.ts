import { startSimulator, type SimulatorOptions } from '../simulator/index.js';
import type { Live } from './Plan.js';

/** Does something with the address of a simulated market, where one is wanted, and closes that market after it. */
export const simulated = async (
  simulation: Live['simulation'],
  use: (url: string | undefined) => Promise<void>,
): Promise<void> => {
  if (!simulation) return use(undefined);
  const simulator = await startSimulator(rushed(simulation.speed));
  try {
    await use(simulator.url);
  } finally {
    await simulator.close();
  }
};

/** A market that runs faster, behind vendors whose patience with us does not. */
const rushed = (speed: number): SimulatorOptions => ({
  speed,
  itick: { heartbeatLimit: 60_000 * speed },
  tickflow: { pingEvery: 30_000 * speed },
});
