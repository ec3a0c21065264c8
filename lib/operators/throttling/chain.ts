/** A value with its neighbours in a chain. */
export interface Link<A> {
  value: A;
  before: Link<A>;
  after: Link<A>;
}

/** A link in no chain: its own neighbour on both sides. */
export const linkOf = <A>(value: A): Link<A> => {
  const link = { value } as Link<A>;
  link.before = link.after = link;
  return link;
};

/** Takes a link out of whatever chain it is in. */
export const unlink = <A>(link: Link<A>): void => {
  link.before.after = link.after;
  link.after.before = link.before;
  link.before = link.after = link;
};

/** A list that moves and drops any of its links in constant time. */
export interface Chain<A> {
  readonly head: () => Link<A> | undefined;
  readonly tail: () => Link<A> | undefined;
  /** Makes it the last link, wherever it was. */
  readonly put: (link: Link<A>) => void;
}

export const chain = <A>(): Chain<A> => {
  // The ring is closed by a link without a value, so that no end is a special case.
  const ends = linkOf<A | undefined>(undefined) as Link<A>;

  return {
    head: () => (ends.after === ends ? undefined : ends.after),
    tail: () => (ends.before === ends ? undefined : ends.before),
    put: (link) => {
      unlink(link);
      link.before = ends.before;
      link.after = ends;
      ends.before.after = link;
      ends.before = link;
    },
  };
};
