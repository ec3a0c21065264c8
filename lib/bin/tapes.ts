import { mergeCassettes, readCassette, type Cassette, type ReadOptions } from '../record/index.js';

/** The recordings in some files, as one: files that were written one after the other are one recording of several. */
export const tapes = (files: readonly string[], options?: ReadOptions): Cassette => {
  const recordings = recordingsOf(files).map((parts) => readCassette(parts, options));
  const [only] = recordings;
  return only && recordings.length === 1 ? only : mergeCassettes(...recordings);
};

/** Files by recording, and within it by number, which a shell puts in another order: `tape.10`, `tape.2`. */
export const recordingsOf = (files: readonly string[]): readonly (readonly string[])[] => {
  const recordings = new Map<string, { readonly file: string; readonly number: number }[]>();
  for (const file of files) {
    const [, name, number, ending = ''] = /^(.*)\.(\d+)((?:\.ndjson)?(?:\.gz|\.zst)?)$/s.exec(file) ?? [];
    const key = name === undefined ? file : `${name}.*${ending}`;
    recordings.set(key, [...(recordings.get(key) ?? []), { file, number: Number(number) }]);
  }
  return [...recordings.values()].map((parts) => parts.sort((a, b) => a.number - b.number).map(({ file }) => file));
};
