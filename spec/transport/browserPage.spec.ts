import { browserPage$ } from '../../lib/transport/browserPage.js';

/** A window whose listeners can be counted, in place of the global one. */
const withPage = (onLine: boolean, body: (page: { set: (on: boolean) => void } & Listening) => void): void => {
  const listeners = new Map<string, ((event: unknown) => void)[]>();
  const navigator = { onLine };
  const window = {
    addEventListener: (event: string, listener: (event: unknown) => void, { capture }: { capture: boolean }) => {
      expect(capture).toBe(true);
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    },
    removeEventListener: (event: string, listener: (event: unknown) => void) => {
      listeners.set(
        event,
        (listeners.get(event) ?? []).filter((other) => other !== listener),
      );
    },
  };
  const globals = { window, document: {}, navigator };
  const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  try {
    body({
      set: (on) => (navigator.onLine = on),
      say: (...events) => events.forEach((event) => listeners.get(event)?.forEach((listener) => listener({}))),
      heard: () => [...listeners.values()].flat().length,
    });
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
};

interface Listening {
  readonly say: (...events: readonly string[]) => void;
  readonly heard: () => number;
}

const states = (): { readonly seen: string[]; readonly leave: () => void } => {
  const seen: string[] = [];
  const subscription = browserPage$.subscribe((state) => seen.push(state));
  return { seen, leave: () => subscription.unsubscribe() };
};

describe('browserPage$', () => {
  it.each([
    ['live', true],
    ['offline', false],
  ])('begins %s', (state, onLine) => {
    withPage(onLine, () => expect(states().seen).toEqual([state]));
  });

  it('follows the network', () => {
    withPage(true, ({ set, say }) => {
      const { seen } = states();
      set(false);
      say('offline');
      set(true);
      say('online');
      expect(seen).toEqual(['live', 'offline', 'live']);
    });
  });

  it.each([
    ['freeze', 'resume'],
    ['pagehide', 'pageshow'],
  ])('is frozen from %s to %s, and says each change once', (rest, back) => {
    withPage(true, ({ say }) => {
      const { seen } = states();
      say('pageshow', rest, rest, back, back);
      expect(seen).toEqual(['live', 'frozen', 'live']);
    });
  });

  it('comes back offline when the network went meanwhile', () => {
    withPage(true, ({ set, say }) => {
      const { seen } = states();
      say('freeze');
      set(false);
      say('resume');
      expect(seen).toEqual(['live', 'frozen', 'offline']);
    });
  });

  it('listens to nothing before subscription, and to nothing after it', () => {
    withPage(true, ({ heard }) => {
      expect(heard()).toBe(0);
      const { leave } = states();
      expect(heard()).toBe(6);
      leave();
      expect(heard()).toBe(0);
    });
  });

  it('is live where there is no document', () => {
    expect(states().seen).toEqual(['live']);
  });
});
