import { asyncScheduler, distinctUntilChanged, lastValueFrom, takeUntil, tap } from 'rxjs';
import type { HostState } from '../../nats/index.js';
import { clock, counted } from '../format.js';
import { openNats } from '../nats.js';
import type { ServePlan } from '../Plan.js';
import { providerOf } from '../providers.js';
import { ended, simulated } from '../sources.js';
import { stopped, type Io } from '../terminal.js';

/** Hosts a feed for other processes until it is stopped, and then hands it over. */
export const serve = (plan: ServePlan, io: Io): Promise<void> =>
  simulated(plan.simulation, async (simulatedUrl, simulatedRestUrl) => {
    const { source, server, login, name, lease, json, length } = plan;
    const { name: title, variant, credential, url = simulatedUrl, restUrl = simulatedRestUrl } = source;
    const { stdout, stderr } = io;
    const { nats, hostFeed, close } = await openNats(server, login);
    try {
      const states$ = hostFeed({
        nats,
        name,
        ...(lease !== undefined && { lease }),
        makeFeed: (topics) => providerOf(source).open(variant, { topics, credential, url, restUrl }),
      });
      stderr.write(`rxtape: serving ${title} as ${server}/${name}; Ctrl-C hands it over\n`);
      const said$ = states$.pipe(
        distinctUntilChanged(isSame),
        tap((state) => stdout.write(`${json ? JSON.stringify(state) : stateLine(state)}\n`)),
        ended(title),
        takeUntil(stopped(io, length)),
      );
      await lastValueFrom(said$, { defaultValue: undefined });
    } finally {
      await close();
    }
  });

const isSame = (one: HostState, other: HostState): boolean => JSON.stringify(one) === JSON.stringify(other);

/** `12:00:01.123 owner, epoch 3: 12 topics of 4 joiners` */
export const stateLine = ({ role, epoch, topics = 0, joiners = 0 }: HostState): string => {
  const at = clock(asyncScheduler.now());
  if (role === 'standby') return `${at} standby`;
  return `${at} owner, epoch ${epoch}: ${counted(topics, 'topic')} of ${counted(joiners, 'joiner')}`;
};
