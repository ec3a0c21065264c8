import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import { quotes, type FeedEvent, type Topic } from '../../lib/index.js';
import { tickflow as browserTickflow } from '../../lib/providers/tickflow/browser.js';
import { tickflow, type TickflowOptions } from '../../lib/providers/tickflow/index.js';
import type { FeedOptions } from '../../lib/session/index.js';

const topics = quotes('600000.SH');

describe('the type of tickflow', () => {
  it('is a factory of feeds, the same on every platform', () => {
    expectTypeOf(tickflow).toEqualTypeOf<(options: TickflowOptions) => Observable<FeedEvent>>();
    expectTypeOf(browserTickflow).toEqualTypeOf<typeof tickflow>();
  });

  it('needs a key and topics', () => {
    expectTypeOf({ apiKey: 'k', topics }).toExtend<TickflowOptions>();
    expectTypeOf({ topics }).not.toExtend<TickflowOptions>();
    expectTypeOf({ apiKey: 'k' }).not.toExtend<TickflowOptions>();
    expectTypeOf<TickflowOptions['apiKey']>().toEqualTypeOf<string | (() => string | Promise<string>)>();
    expectTypeOf<TickflowOptions['topics']>().toEqualTypeOf<readonly Topic[] | Observable<readonly Topic[]>>();
  });

  it('takes what all feeds take, and an endpoint', () => {
    expectTypeOf<TickflowOptions>().toExtend<FeedOptions>();
    expectTypeOf<TickflowOptions['endpoint']>().toEqualTypeOf<'stream' | 'quotes' | undefined>();
    expectTypeOf<TickflowOptions['url']>().toEqualTypeOf<string | undefined>();
  });

  it('takes no option that does not exist', () => {
    // @ts-expect-error the option is called `apiKey`
    expect(() => tickflow({ token: 'k', topics })).toThrow();
    // @ts-expect-error there is no such endpoint
    expect(() => tickflow({ apiKey: 'k', topics, endpoint: 'trades' })).toThrow();
  });
});
