import { expectTypeOf } from 'expect-type';
import { NEVER, type Observable } from 'rxjs';
import { quotes, type FeedError, type FeedEvent, type Topic } from '../../lib/index.js';
import { itick as browserItick } from '../../lib/providers/itick/browser.js';
import { itick, type ItickMarket, type ItickOptions } from '../../lib/providers/itick/index.js';
import type { OpenSocket } from '../../lib/session/index.js';

const topics = quotes('AAPL.US');

describe('the type of itick', () => {
  it('is a factory of feeds, the same on every platform', () => {
    expectTypeOf(itick).toEqualTypeOf<(options: ItickOptions) => Observable<FeedEvent>>();
    expectTypeOf(browserItick).toEqualTypeOf<typeof itick>();
  });

  it('needs a token, a market and topics', () => {
    expectTypeOf({ token: 't', market: 'stock', topics } as const).toExtend<ItickOptions>();
    expectTypeOf({ market: 'stock', topics } as const).not.toExtend<ItickOptions>();
    expectTypeOf({ token: 't', topics } as const).not.toExtend<ItickOptions>();
    expectTypeOf({ token: 't', market: 'stock' } as const).not.toExtend<ItickOptions>();
    expectTypeOf<ItickMarket>().toEqualTypeOf<'stock' | 'forex' | 'indices' | 'crypto' | 'future' | 'fund'>();
  });

  it('takes a token at hand, or one that is still to come', () => {
    expectTypeOf<ItickOptions['token']>().toEqualTypeOf<string | (() => string | Promise<string>)>();
  });

  it('takes topics that stay, or that change', () => {
    expectTypeOf<ItickOptions['topics']>().toEqualTypeOf<readonly Topic[] | Observable<readonly Topic[]>>();
    itick({ token: 't', market: 'stock', topics: NEVER });
  });

  it('takes what all feeds take', () => {
    expectTypeOf<ItickOptions['backoff']>().toEqualTypeOf<
      ((attempt: number, cause: FeedError) => number) | undefined
    >();
    expectTypeOf<ItickOptions['openSocket']>().toEqualTypeOf<OpenSocket | undefined>();
    expectTypeOf<Required<ItickOptions>>().toHaveProperty('connectTimeout');
    expectTypeOf<Required<ItickOptions>>().toHaveProperty('authTimeout');
    expectTypeOf<Required<ItickOptions>>().toHaveProperty('maxFrameBytes');
    itick({ token: 't', market: 'fund', topics, heartbeat: { every: 10_000 }, url: undefined });
  });

  it('has words for how the token travels and what a tick counts', () => {
    expectTypeOf<ItickOptions['auth']>().toEqualTypeOf<'header' | 'query' | 'message' | undefined>();
    expectTypeOf<ItickOptions['tickVolume']>().toEqualTypeOf<'size' | 'cumulative' | undefined>();
    expectTypeOf<ItickOptions['connections']>().toEqualTypeOf<number | undefined>();
  });

  it('takes no option that does not exist', () => {
    // @ts-expect-error the option is called `token`
    expect(() => itick({ apiKey: 't', market: 'stock', topics })).toThrow();
    // @ts-expect-error there is no such market
    expect(() => itick({ token: 't', market: 'stonks', topics })).toThrow();
  });
});
