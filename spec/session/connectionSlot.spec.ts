import { FeedInUse } from '../../lib/model/errors.js';
import { connectionSlot, type ConnectionSlot } from '../../lib/session/connectionSlot.js';

const endpoint = 'wss://vendor/stock';

describe('connectionSlot', () => {
  const slots: ConnectionSlot[] = [];
  const slot = (connections = 1, at = endpoint): ConnectionSlot => {
    const made = connectionSlot(at, connections);
    slots.push(made);
    return made;
  };
  afterEach(() => slots.splice(0).forEach(({ release }) => release()));

  it('throws for one feed more than the plan allows', () => {
    slot().take('k');
    expect(() => slot().take('k')).toThrow(new FeedInUse(endpoint, 1));
  });

  it('counts neither another credential nor another endpoint', () => {
    slot().take('k');
    expect(() => slot().take('other')).not.toThrow();
    expect(() => slot(1, 'wss://vendor/forex').take('k')).not.toThrow();
  });

  it('has as many slots as the plan has connections', () => {
    slot(2).take('k');
    slot(2).take('k');
    expect(() => slot(2).take('k')).toThrow(FeedInUse);
    for (let i = 0; i < 10; i++) slot(Infinity).take('k');
  });

  it('is kept across attempts, and free when given back', () => {
    const first = slot();
    first.take('k');
    first.take('k');
    first.release();
    first.release();
    expect(() => slot().take('k')).not.toThrow();
  });

  it('moves with a token that is rotated', () => {
    const first = slot();
    first.take('monday');
    first.take('tuesday');
    expect(() => slot().take('monday')).not.toThrow();
    expect(() => slot().take('tuesday')).toThrow(FeedInUse);
  });

  it('keeps the old slot when the new one is taken', () => {
    slot().take('tuesday');
    const first = slot();
    first.take('monday');
    expect(() => first.take('tuesday')).toThrow(FeedInUse);
    expect(() => slot().take('monday')).toThrow(FeedInUse);
  });

  it('gives back nothing that it never had', () => {
    slot().take('k');
    const refused = slot();
    expect(() => refused.take('k')).toThrow(FeedInUse);
    refused.release();
    expect(() => slot().take('k')).toThrow(FeedInUse);
  });
});
