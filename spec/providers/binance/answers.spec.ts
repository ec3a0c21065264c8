import { asyncScheduler } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { trades } from '../../../lib/model/topic.js';
import { binance } from '../../../lib/providers/binance/index.js';
import { fakeNetwork, marbles, type FakeConnection } from '../../../lib/testing/index.js';
import { fakeRest, heard } from '../../history/fakeRest.js';

interface Command {
  readonly method: string;
  readonly params: readonly string[];
  readonly id: number;
}

const symbols = Array.from({ length: 800 }, (_, i) => `S${i}.BA`);

/** A feed of 800 topics that is heard for some seconds; the vendor answers as `answer` says. */
const run = (
  flush: () => void,
  answer: (command: Command, connection: FakeConnection, commands: readonly Command[]) => void,
  lasts = 20_000,
) => {
  const commands: (Command & { readonly at: number })[] = [];
  const { openSocket } = fakeNetwork((connection) => {
    connection.received$.subscribe((text) => {
      const command = JSON.parse(text) as Command;
      commands.push({ ...command, at: asyncScheduler.now() });
      answer(command, connection, commands);
    });
    connection.open();
  });
  const { fetch } = fakeRest(() => 'never');
  const { values, subscription } = heard(binance({ topics: trades(...symbols), openSocket, fetch }));
  asyncScheduler.schedule(() => subscription.unsubscribe(), lasts);
  flush();
  const topicsOf = (kind: FeedEvent['kind']): readonly string[] =>
    values.flatMap((event) =>
      event.kind === kind && 'topics' in event ? event.topics.map(({ symbol }) => symbol) : [],
    );
  return { commands, values, served: topicsOf('subscribed'), refused: topicsOf('refused') };
};

const accept = ({ id }: Command): string => JSON.stringify({ result: null, id });

describe('commands to Binance', () => {
  it(
    'go out four at a time, and their answers may come in any order',
    marbles(({ flush }) => {
      const { commands, served, values } = run(flush, (_, connection, all) => {
        if (all.length < 4) return;
        // The last first.
        [...all].reverse().forEach((command) => connection.say(accept(command)));
      });
      expect(commands.map(({ at, params }) => [at, params.length])).toEqual([0, 1, 2, 3].map(() => [0, 200]));
      expect([...served].sort()).toEqual([...symbols].sort());
      const first = values.find(({ kind }) => kind === 'subscribed');
      expect(first).toMatchObject({ topics: expect.arrayContaining(trades('S600.BA', 'S799.BA')) as unknown });
    }),
  );

  it(
    'are at most four in any second, whatever has to be asked again',
    marbles(({ flush }) => {
      const { commands } = run(flush, (command, connection) =>
        connection.say(JSON.stringify({ error: { code: 2, msg: 'Invalid request' }, id: command.id })),
      );
      expect(commands.length).toBeGreaterThan(40);
      for (const { at } of commands) {
        expect(commands.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(4);
      }
    }),
  );

  it.each([
    ['flat', (id: number) => ({ code: 2, msg: 'Invalid request: bad', id })],
    ['nested', (id: number) => ({ error: { code: 2, msg: 'Invalid request: bad' }, id })],
    ['without an id', () => ({ code: 2, msg: 'Invalid request: bad' })],
  ])('that are refused cost the one topic that is at fault, by an error that is %s', (_, errorOf) =>
    marbles(({ flush }) => {
      const { served, refused } = run(
        flush,
        (command, connection) => {
          const isBad = command.method === 'SUBSCRIBE' && command.params.includes('s333@aggTrade');
          connection.say(isBad ? JSON.stringify(errorOf(command.id)) : accept(command));
        },
        300_000,
      );
      expect(refused).toEqual(['S333.BA']);
      expect([...new Set(served)].sort()).toEqual(symbols.filter((symbol) => symbol !== 'S333.BA').sort());
    })(),
  );

  it(
    'without an answer count as accepted, and one that comes late belongs to its own',
    marbles(({ flush }) => {
      const { served, refused } = run(flush, (command, connection) => {
        if (command.id === 2) {
          const late = JSON.stringify({ error: { code: 2, msg: 'Invalid request' }, id: 2 });
          asyncScheduler.schedule(() => connection.say(late), 7_000);
        } else connection.say(accept(command));
      });
      expect(refused).toEqual([]);
      expect(new Set(served).size).toBe(800);
    }),
  );
});
