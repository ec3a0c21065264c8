/** A question for someone who wrote a word that is nearly one of these; undefined where none is near. */
export const suggestion = (word: string, words: readonly string[], prefix = ''): string | undefined => {
  const [nearest] = words
    .map((other) => ({ other, edits: editsBetween(word.toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, edits }) => edits <= Math.min(2, Math.floor(other.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return nearest && `did you mean ${prefix}${nearest.other}?`;
};

/** How many letters have to be added, left out, changed or swapped with the next one to get from one word to another. */
const editsBetween = (one: string, other: string): number => {
  let [before, row]: readonly (readonly number[])[] = [[], Array.from({ length: other.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next[j] = Math.min(
        at(row, j) + 1,
        at(next, j - 1) + 1,
        at(row, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(before, j - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, other.length);
};

const at = (row: readonly number[] | undefined, index: number): number => row?.[index] ?? Infinity;
