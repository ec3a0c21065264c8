import { expectTypeOf } from 'expect-type';
import { NEVER, type Observable } from 'rxjs';
import {
  batchTrades,
  conflate,
  gaps,
  isLinkEvent,
  isMarketEvent,
  ofKind,
  ofSymbol,
  perConnection,
  shareFeed,
  toKlines,
  trades,
  type Bbo,
  type Channel,
  type Conflated,
  type Depth,
  type Feed,
  type FeedEvent,
  type FeedEventKind,
  type Kline,
  type LinkEvent,
  type MarketEvent,
  type OwnData,
  type OwnEvent,
  type Quote,
  type Topic,
  type Trade,
  type TradeBatch,
  type WithoutLink,
} from '../../lib/index.js';
import { fundings, perps, type Funding, type Maintenance } from './fundings.js';

const feed$: Feed = NEVER;

describe('the types, with a channel and events of one’s own', () => {
  it('know what was declared, and leave out what is no event', () => {
    expectTypeOf<OwnEvent>().toEqualTypeOf<Funding | Maintenance>();
    expectTypeOf<OwnData>().toEqualTypeOf<Funding>();
    expectTypeOf<FeedEvent>().toEqualTypeOf<MarketEvent | LinkEvent | Funding | Maintenance>();
    expectTypeOf<MarketEvent>().toEqualTypeOf<Trade | Quote | Depth | Bbo | Kline>();
    expectTypeOf<'funding' | 'maintenance'>().toExtend<FeedEventKind>();
    expectTypeOf<'wrong'>().not.toExtend<FeedEventKind>();
  });

  it('have a channel for each kind of event with a symbol', () => {
    expectTypeOf<Channel>().toEqualTypeOf<'trade' | 'quote' | 'depth' | 'bbo' | 'kline' | 'funding'>();
    expectTypeOf({ channel: 'funding', symbol: 'BTCUSDT.BA' } as const).toExtend<Topic>();
    expectTypeOf({ channel: 'maintenance', symbol: 'BTCUSDT.BA' } as const).not.toExtend<Topic>();
    expectTypeOf([...trades('BTCUSDT.BA'), ...fundings('BTCUSDT.BA')]).toEqualTypeOf<Topic[]>();
  });

  it('are narrowed by the kind', () => {
    const said = (event: FeedEvent): string => {
      switch (event.kind) {
        case 'funding':
          return `${event.symbol} ${event.rate}`;
        case 'maintenance':
          return event.note;
        default:
          return event.kind;
      }
    };
    expectTypeOf(said).returns.toBeString();
    const event = { kind: 'latency' } as FeedEvent;
    if (!isMarketEvent(event) && !isLinkEvent(event)) expectTypeOf(event).toEqualTypeOf<Funding | Maintenance>();
  });

  it('flow through what shares, chooses and passes on', () => {
    const desk = shareFeed((topics) => perps({ topics, url: 'ws://127.0.0.1:1' }));
    expectTypeOf(desk.watch(fundings('BTCUSDT.BA'))).toEqualTypeOf<Observable<FeedEvent>>();
    expectTypeOf(feed$.pipe(ofKind('funding'))).toEqualTypeOf<Observable<Funding & WithoutLink>>();
    const rates$: Observable<Funding> = feed$.pipe(ofKind('funding'));
    expectTypeOf(feed$.pipe(ofSymbol('BTCUSDT.BA'))).toEqualTypeOf<Observable<FeedEvent>>();
    expectTypeOf(rates$.pipe(conflate({ every: 1 }))).toEqualTypeOf<Observable<Funding & Conflated>>();
    expectTypeOf(feed$.pipe(batchTrades({ every: 1 }))).toEqualTypeOf<
      Observable<TradeBatch | LinkEvent | Maintenance>
    >();
    expectTypeOf(feed$.pipe(toKlines('1m'))).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf(feed$.pipe(perConnection(gaps()))).toBeObject();
    // @ts-expect-error it was not declared
    feed$.pipe(ofKind('liquidation'));
  });
});
