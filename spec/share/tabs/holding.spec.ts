import { Subject } from 'rxjs';
import { holding } from '../../../lib/share/tabs/election.js';
import type { TabLocks } from '../../../lib/share/tabs/TabTools.js';

/** Locks that are granted by hand. */
const manualLocks = () => {
  const requests: { readonly grant: () => Promise<void> | undefined; readonly signal: AbortSignal | undefined }[] = [];
  const locks: TabLocks = {
    request: (_, { signal }: { signal?: AbortSignal }, grant) =>
      new Promise((_resolve, reject) => {
        requests.push({ grant, signal });
        signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      }),
  };
  return { locks, requests };
};

/** Whether a promise is settled by now. */
const isOver = async (promise: Promise<unknown> | undefined): Promise<boolean> => {
  let over = false;
  void promise?.then(() => (over = true));
  await Promise.resolve();
  return over;
};

describe('holding', () => {
  it('emits when the lock is held, and lets go of it when it is left', async () => {
    const { locks, requests } = manualLocks();
    const seen: string[] = [];
    const holder = holding(locks, 'a').subscribe({ next: () => seen.push('held'), complete: () => seen.push('|') });
    await Promise.resolve();
    const held = requests[0]?.grant();
    expect([seen, await isOver(held)]).toEqual([['held'], false]);
    holder.unsubscribe();
    expect([seen, await isOver(held)]).toEqual([['held'], true]);
  });

  it('asks for nothing when it is left at once, and waits no longer when it is left later', async () => {
    const { locks, requests } = manualLocks();
    holding(locks, 'a').subscribe().unsubscribe();
    await Promise.resolve();
    expect(requests).toEqual([]);
    const holder = holding(locks, 'a').subscribe();
    await Promise.resolve();
    holder.unsubscribe();
    expect(requests[0]?.signal?.aborted).toBe(true);
  });

  it('keeps no lock that was on its way when it was left', async () => {
    const { locks, requests } = manualLocks();
    const holder = holding(locks, 'a').subscribe();
    await Promise.resolve();
    holder.unsubscribe();
    expect(requests[0]?.grant()).toBeUndefined();
  });

  it.each(['completes', 'fails'])('keeps the lock until the delivery %s', async (how) => {
    const { locks, requests } = manualLocks();
    const delivered$ = new Subject<void>();
    const holder = holding(locks, 'a', delivered$).subscribe();
    await Promise.resolve();
    const held = requests[0]?.grant();
    holder.unsubscribe();
    expect(await isOver(held)).toBe(false);
    if (how === 'fails') delivered$.error(new Error('no more locks'));
    else delivered$.complete();
    expect(await isOver(held)).toBe(true);
  });
});
