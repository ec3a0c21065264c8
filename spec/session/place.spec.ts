import { FeedInUse } from '../../lib/model/errors.js';
import { placeOn, type Place } from '../../lib/session/place.js';

const endpoint = 'wss://vendor/stock';

describe('placeOn', () => {
  const places: Place[] = [];
  const place = (connections = 1, at = endpoint): Place => {
    const made = placeOn(at, connections);
    places.push(made);
    return made;
  };
  afterEach(() => places.splice(0).forEach(({ release }) => release()));

  it('throws for one feed more than the plan allows', () => {
    place().take('k');
    expect(() => place().take('k')).toThrow(new FeedInUse(endpoint, 1));
  });

  it('counts neither another credential nor another endpoint', () => {
    place().take('k');
    expect(() => place().take('other')).not.toThrow();
    expect(() => place(1, 'wss://vendor/forex').take('k')).not.toThrow();
  });

  it('has as many places as the plan has connections', () => {
    place(2).take('k');
    place(2).take('k');
    expect(() => place(2).take('k')).toThrow(FeedInUse);
    for (let i = 0; i < 10; i++) place(Infinity).take('k');
  });

  it('is kept across attempts, and free when given back', () => {
    const first = place();
    first.take('k');
    first.take('k');
    first.release();
    first.release();
    expect(() => place().take('k')).not.toThrow();
  });

  it('moves with a token that is rotated', () => {
    const first = place();
    first.take('monday');
    first.take('tuesday');
    expect(() => place().take('monday')).not.toThrow();
    expect(() => place().take('tuesday')).toThrow(FeedInUse);
  });

  it('keeps the old place when the new one is taken', () => {
    place().take('tuesday');
    const first = place();
    first.take('monday');
    expect(() => first.take('tuesday')).toThrow(FeedInUse);
    expect(() => place().take('monday')).toThrow(FeedInUse);
  });

  it('gives back nothing that it never had', () => {
    place().take('k');
    const refused = place();
    expect(() => refused.take('k')).toThrow(FeedInUse);
    refused.release();
    expect(() => place().take('k')).toThrow(FeedInUse);
  });
});
