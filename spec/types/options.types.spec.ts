import { expectTypeOf } from 'expect-type';
import type { BatchTradesOptions, StalenessOptions } from '../../lib/index.js';
import type { Pace } from '../../lib/angular/index.js';
import { ringSink, type FileSinkOptions, type RingSinkOptions } from '../../lib/record/index.js';
import type { ItickRules } from '../../lib/simulator/index.js';
import { slowConsumer, type FaultOptions, type ReorderOptions } from '../../lib/testing/index.js';

describe('options that were renamed', () => {
  it('are no longer known by their old names', () => {
    expectTypeOf<'idle'>().not.toExtend<keyof StalenessOptions>();
    expectTypeOf<'capacity'>().not.toExtend<keyof BatchTradesOptions>();
    expectTypeOf<'each'>().not.toExtend<Pace>();
    expectTypeOf<'queueSize'>().not.toExtend<keyof FileSinkOptions>();
    expectTypeOf<'last' | 'maxSize'>().not.toExtend<keyof RingSinkOptions>();
    expectTypeOf<'heartbeatLimit'>().not.toExtend<keyof ItickRules>();
    expectTypeOf<'ackDelay'>().not.toExtend<keyof ItickRules>();
    expectTypeOf<'connections'>().not.toExtend<keyof ItickRules | keyof FaultOptions>();
    expectTypeOf<'within'>().not.toExtend<keyof ReorderOptions>();
  });

  it('are refused where they were needed', () => {
    // @ts-expect-error the option is called `maxAge`
    expect(() => ringSink({ last: 60_000 })).toThrow(/maxAge/);
    // @ts-expect-error the option is called `doneAfter`
    expect(() => slowConsumer({ takes: 20 })).toThrow(/doneAfter/);
  });
});
