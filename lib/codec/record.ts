import { anyKind, kindOf, kinds } from './kind.js';
import { FAILS, looking, ofKind, SAME, UNSURE, verdict, type Judge } from './verdict.js';

/** One member of a record, and the one that came after it in the last record seen. */
interface Member extends Judge {
  /** Undefined for whatever is not known by heart. */
  readonly key: string | undefined;
  /** What its absence adds to the case against a record. */
  readonly weight: number;
  /** Whether a finite number will do; most fields of a market are numbers, and need no look at their kind. */
  readonly takesNumbers: boolean;
  next: Member;
}

const DOUBT = 1;
const FAILURE = 0x10000;

/** How many keys are learnt by heart, and how long ones; a sender that makes them up shall not fill the memory. */
const MOST_KEYS = 128;
const LONGEST_KEY = 64;
const weights = { [SAME]: 0, [UNSURE]: DOUBT, [FAILS]: FAILURE };

const memberOf = (key: string | undefined, judge: Judge, weight: number): Member => {
  const takesNumbers = (judge.accepts & kinds.finite) !== 0;
  const member = { key, ...judge, weight, takesNumbers, next: undefined as unknown as Member };
  member.next = member;
  return member;
};

/**
 * Judges a record by its members, and the fields that the codec does not name by `others`.
 *
 * It walks the fields that are there rather than the members that may be: V8 reads the fields of a `for…in` by
 * position, several times faster than by a key that varies, and absent members cost nothing. A sender writes its
 * fields in one order, so each member remembers its successor, and the map is asked only when that guess is wrong.
 */
export const record = (judges: ReadonlyMap<string, Judge>, others: Judge = ofKind(anyKind)): Judge => {
  const members = new Map<string, Member>();
  let all = 0;
  for (const [key, judge] of judges) {
    // Every object inherits some members; where the sender wrote none, io-ts finds those.
    const weight = weights[key in Object.prototype ? FAILS : verdict(judge, undefined)];
    members.set(key, memberOf(key, judge, weight));
    all += weight;
  }
  const other = memberOf(undefined, others, 0);
  const met = (key: string): Member => {
    if (members.size >= MOST_KEYS || key.length > LONGEST_KEY) return other;
    const member = memberOf(key, others, 0);
    members.set(key, member);
    return member;
  };
  const start = memberOf(undefined, others, 0);
  return looking(kinds.record, (value) => {
    const fields = value as Readonly<Record<string, unknown>>;
    let missing = all;
    let sure = true;
    let last = start;
    for (const key in fields) {
      const field = fields[key];
      let member = last.next;
      if (member.key !== key) member = last.next = members.get(key) ?? met(key);
      last = member;
      missing -= member.weight;
      if (typeof field === 'number' && member.takesNumbers && field - field === 0) continue;
      const kind = kindOf(field);
      if ((member.accepts & kind) !== 0) continue;
      if ((member.rejects & kind) !== 0) return FAILS;
      const found = member.look(field);
      if (found === FAILS) return FAILS;
      if (found === UNSURE) sure = false;
    }
    return missing >= FAILURE ? FAILS : sure && missing === 0 ? SAME : UNSURE;
  });
};
