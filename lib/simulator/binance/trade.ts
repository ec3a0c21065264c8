/** What one taker order got at one price, in units. */
export interface AggTrade {
  readonly id: number;
  readonly price: number;
  readonly size: number;
  /** The first and the last of its trades. */
  readonly first: number;
  readonly last: number;
  readonly time: number;
  readonly buyerIsMaker: boolean;
}

/** The sizes of the trades that an aggregate is made of. */
export const partsOf = ({ size, first, last }: AggTrade): readonly number[] => {
  const parts = last - first + 1;
  const each = Math.floor(size / parts);
  return Array.from({ length: parts }, (_, at) => (at === parts - 1 ? size - each * (parts - 1) : each));
};
