import { execFileSync } from 'node:child_process';
import { ratioOf } from '../ratio.js';

/** One way of doing the work. */
export interface Variant {
  /** Does the next slice of the work, and starts over when it has come to the end. */
  readonly work: () => void;
  /** Throws where a result differs from the floor's. */
  readonly check: () => void;
}

/** The ways of doing one piece of work, each made when its turn has come. */
export interface Comparison {
  /** The script that calls `compare`. */
  readonly script: string;
  readonly unit: string;
  /** How many units a slice holds. */
  readonly slice: number;
  readonly rounds: number;
  readonly floor: () => () => void;
  /** Ours first: the last column says how many times as long the others take. */
  readonly variants: Readonly<Record<string, () => Variant>>;
}

interface Figures {
  readonly ratio: number;
  readonly floorNs: number;
}

/** Prints a row for each variant, from a process of its own: variants that share code change each other's type feedback. */
export const compare = ({ script, unit, slice, rounds, floor, variants }: Comparison): void => {
  const [, , name] = process.argv;
  if (name !== undefined) {
    const { work, check } = variants[name]!();
    check();
    console.log(JSON.stringify(ratioOf(work, floor(), rounds)));
    // What is fed by hand never ends, and looks for idle symbols as long as it lasts.
    process.exit();
  }
  console.log(`| variant | x hand-written loop | ns a ${unit} | x ours |`);
  console.log('|---|---|---|---|');
  let ours: number | undefined;
  for (const each of Object.keys(variants)) {
    const { ratio, floorNs } = JSON.parse(execFileSync(process.execPath, [script, each]).toString()) as Figures;
    ours ??= ratio;
    const ns = (ratio * floorNs) / slice;
    console.log(`| ${[each, ratio.toFixed(2), ns.toFixed(0), (ratio / ours).toFixed(1)].join(' | ')} |`);
  }
};
