import { Misuse } from './Misuse.js';

const units: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** Bytes of `100mb`, `1.5gb`, `500kb`. Throws `Misuse` for anything else, and for zero. */
export const parseSize = (text: string): number => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)$/i.exec(text) ?? [];
  const size = Number(number) * (units[unit.toLowerCase()] ?? 0);
  if (size > 0) return size;
  throw new Misuse(`"${text}" is not a size such as 500kb, 100mb or 1gb`);
};
