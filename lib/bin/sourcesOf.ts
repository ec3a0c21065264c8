import type { Values } from './commandLine.js';
import type { Environment } from './Environment.js';
import { Misuse } from './Misuse.js';
import { parseDuration } from './parseDuration.js';
import type { Asked } from './parseSources.js';
import type { Live, Source, SourceKind } from './Plan.js';
import type { Wish } from './wish.js';

const variables = {
  itick: { credential: 'ITICK_TOKEN', url: 'ITICK_URL' },
  tickflow: { credential: 'TICKFLOW_API_KEY', url: 'TICKFLOW_URL' },
} as const;

/** The sources of a wish: those that were named or else the showcase, simulated or with what the environment has. */
export const sourcesOf = (
  { named, showcase, topicsOf }: Wish,
  values: Values,
  env: Environment,
): Live & { readonly sources: readonly Source[] } => {
  const has = ({ vendor }: SourceKind): boolean => Boolean(env[variables[vendor].credential]);
  const available = showcase.filter(({ source }) => has(source));
  const demo = values.demo ?? (named.length === 0 && available.length === 0);
  if (demo && values.url !== undefined) throw new Misuse('--demo has a host of its own; leave out --url');
  if (!demo && values.speed !== undefined) throw new Misuse('--speed is for the simulated market; add --demo');

  const accessOf = ({ source: { name, vendor } }: Asked) => {
    if (demo) return { credential: 'demo', url: undefined };
    const { credential, url } = variables[vendor];
    const secret = env[credential];
    if (!secret) throw new Misuse(`${name} needs ${credential} in the environment; add --demo for a simulated market`);
    return { credential: secret, url: values.url ?? (env[url] || undefined) };
  };
  const asked = named.length > 0 ? named : demo ? showcase : available;
  return {
    sources: asked.map((each) => ({ ...each.source, topics: topicsOf(each), ...accessOf(each) })),
    simulation: demo ? { speed: speedOf(values.speed) } : undefined,
    length: values.for === undefined ? undefined : parseDuration(values.for),
  };
};

const speedOf = (text = '1'): number => {
  const speed = Number(text);
  if (speed > 0 && speed <= 1_000) return speed;
  throw new Misuse(`"${text}" is not a speed; write how many times faster, from 0.1 to 1000`);
};
