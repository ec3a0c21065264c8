import type * as t from 'io-ts';
import { isRecord } from './isRecord.js';
import { literalsOf, requiredOf } from './literals.js';
import { shapeOf } from './shape.js';

/** The one codec that a value which fits none was most likely written for, going by kind and literals. */
export const meant = (codecs: readonly t.Mixed[], value: unknown): t.Mixed | undefined => {
  const scores = codecs.map((codec) => likeness(codec, value));
  const best = Math.max(...scores);
  const likely = codecs.filter((_, i) => scores[i] === best);
  return best > -Infinity && likely.length === 1 ? likely[0] : undefined;
};

/** Literals that match count for, those that differ against; one that is absent counts against twice. */
const likeness = (codec: t.Mixed, value: unknown): number => {
  const shape = shapeOf(codec);
  switch (shape._tag) {
    case 'UnionType':
      return Math.max(...shape.types.map((part) => likeness(part, value)));
    case 'IntersectionType':
    case 'InterfaceType':
    case 'PartialType':
    case 'ReadonlyType':
    case 'ExactType':
    case 'RefinementType':
      return isRecord(value) ? likenessOfMembers(requiredOf(codec), value) : -Infinity;
    case 'ArrayType':
    case 'ReadonlyArrayType':
      return Array.isArray(value) ? 0 : -Infinity;
    default:
      return -Infinity;
  }
};

const likenessOfMembers = (members: t.Props, fields: Readonly<Record<string, unknown>>): number =>
  Object.entries(members).reduce((sum, [key, member]) => {
    const literals = literalsOf(member);
    if (literals) return sum + (literals.includes(fields[key]) ? 1 : Object.hasOwn(fields, key) ? -1 : -2);
    const inner = likeness(member, fields[key]);
    return inner > -Infinity ? sum + inner : sum;
  }, 0);
