import fc from 'fast-check';
import * as t from 'io-ts';
import { numeric, optional } from '../../lib/codec/fields.js';

/** A codec, and values that mostly fit it. */
interface Fit {
  readonly codec: t.Mixed;
  readonly values: fc.Arbitrary<unknown>;
}

const keys = ['a', 'b', 'c', 'type'];
const json = fc.jsonValue({ maxDepth: 2 });
const words = ['tick', 'quote', 'depth'] as const;
const string = fc.constantFrom<string>(...words, '', '12', '-1.5e3', 'abc');
const number = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ noNaN: true, noDefaultInfinity: true }));

/** Some noise at every level, so that values nearly fit. */
const fit = (codec: t.Mixed, values: fc.Arbitrary<unknown>): Fit => ({
  codec,
  values: fc.oneof({ weight: 14, arbitrary: values }, { weight: 1, arbitrary: json }),
});

const leaf: fc.Arbitrary<Fit> = fc.oneof(
  fc.constantFrom(
    fit(t.string, string),
    fit(t.number, number),
    fit(t.boolean, fc.boolean()),
    fit(t.null, fc.constant(null)),
    fit(t.undefined, fc.constant(undefined)),
    fit(t.unknown, json),
    fit(t.UnknownArray, fc.array(json, { maxLength: 2 })),
    fit(t.UnknownRecord, fc.dictionary(string, json, { maxKeys: 2 })),
    fit(t.keyof({ tick: null, quote: null }), string),
    fit(t.Int, number),
  ),
  fc.constantFrom(...words, 0, 1, true).map((value) => fit(t.literal(value), fc.constant(value))),
);

const trimmed = new t.Type<string, string>(
  'trimmed',
  t.string.is,
  (value, context) => (typeof value === 'string' ? t.success(value.trim()) : t.failure(value, context)),
  t.identity,
);

const changingLeaf: fc.Arbitrary<Fit> = fc.constantFrom(
  fit(numeric, fc.oneof(number, string)),
  fit(trimmed, fc.constantFrom('a', ' a ')),
);

const propsOf = (members: Readonly<Record<string, Fit>>): t.Props =>
  Object.fromEntries(Object.entries(members).map(([key, { codec }]) => [key, codec]));

const fields = (members: Readonly<Record<string, Fit>>, absent: boolean): fc.Arbitrary<Record<string, unknown>> => {
  const values = Object.fromEntries(Object.entries(members).map(([key, member]) => [key, member.values]));
  const some = fc.record(values, { requiredKeys: [] });
  const all = fc.record(values);
  return fc
    .tuple(
      absent ? some : fc.oneof({ weight: 9, arbitrary: all }, { weight: 1, arbitrary: some }),
      fc.option(fc.dictionary(fc.constantFrom(...keys, 'x'), json, { maxKeys: 1 }), { nil: {}, freq: 4 }),
      fc.boolean(),
    )
    .map(([known, extra, first]) => (first ? { ...extra, ...known } : { ...known, ...extra }));
};

const some = (inner: fc.Arbitrary<Fit>) => fc.dictionary(fc.constantFrom(...keys), inner, { maxKeys: 4 });

const records = (inner: fc.Arbitrary<Fit>): fc.Arbitrary<Fit> => {
  const type = some(inner).map((members) => fit(t.type(propsOf(members)), fields(members, false)));
  const partial = some(inner).map((members) => fit(t.partial(propsOf(members)), fields(members, true)));
  return fc.oneof(type, partial, fc.tuple(type, partial).map(intersected));
};

const intersected = ([a, b]: readonly [Fit, Fit]): Fit =>
  fit(
    t.intersection([a.codec, b.codec]),
    fc
      .tuple(a.values, b.values)
      .map(([x, y]) => (typeof x === 'object' && typeof y === 'object' && x && y ? { ...y, ...x } : x)),
  );

const unions = (inner: fc.Arbitrary<Fit>): fc.Arbitrary<Fit> =>
  fc
    .tuple(inner, inner, inner)
    .map(([a, b, c]) => fit(t.union([a.codec, b.codec, c.codec]), fc.oneof(a.values, b.values, c.values)));

const tagged = (tag: string, members: Readonly<Record<string, Fit>>): Fit => {
  const all = { ...members, type: fit(t.literal(tag), fc.constant(tag)) };
  return fit(t.type(propsOf(all)), fields(all, false));
};

const taggedUnions = (inner: fc.Arbitrary<Fit>): fc.Arbitrary<Fit> =>
  fc.tuple(some(inner), some(inner)).map(([a, b]) => {
    const [tick, quote] = [tagged('tick', a), tagged('quote', b)];
    return fit(t.union([tick.codec, quote.codec]), fc.oneof(tick.values, quote.values));
  });

const identities = (inner: fc.Arbitrary<Fit>): fc.Arbitrary<Fit> =>
  fc.oneof(
    records(inner),
    unions(inner),
    taggedUnions(inner),
    inner.map(({ codec, values }) => fit(optional(codec), fc.option(values))),
    inner.map(({ codec, values }) => fit(t.array(codec), fc.array(values, { maxLength: 3 }))),
    inner.map(({ codec, values }) => fit(t.readonlyArray(codec), fc.array(values, { maxLength: 3 }))),
    inner.map(({ codec, values }) => fit(t.readonly(codec), values)),
    inner.map(({ codec, values }) =>
      fit(
        t.refinement(codec, (value) => JSON.stringify(value) !== '1'),
        values,
      ),
    ),
  );

const changing = (inner: fc.Arbitrary<Fit>): fc.Arbitrary<Fit> =>
  fc.oneof(
    { weight: 3, arbitrary: identities(inner) },
    { weight: 1, arbitrary: fc.tuple(inner, inner).map(intersected) },
    { weight: 1, arbitrary: records(inner).map(({ codec, values }) => fit(t.exact(codec as t.HasProps), values)) },
    { weight: 1, arbitrary: inner.map(({ codec, values }) => fit(t.tuple([codec]), fc.tuple(values))) },
  );

const nested = (leaves: fc.Arbitrary<Fit>, wrap: (inner: fc.Arbitrary<Fit>) => fc.Arbitrary<Fit>) =>
  wrap(fc.oneof(leaves, wrap(fc.oneof(leaves, wrap(leaves)))));

const withValue = (fits: fc.Arbitrary<Fit>) =>
  fits.chain(({ codec, values }) =>
    fc.tuple(
      fc.constant(codec),
      values.map((value): unknown => JSON.parse(JSON.stringify(value ?? null))),
    ),
  );

/** Codecs that never change what they accept, each with a JSON value that mostly fits. */
export const anIdentityCase = withValue(nested(leaf, identities));

/** Codecs of any kind, each with a JSON value that mostly fits. */
export const aCase = withValue(nested(fc.oneof(leaf, changingLeaf), changing));
