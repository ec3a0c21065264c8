/** The tag of an error that has one, ours or another library's. */
export const tagOf = (thrown: unknown): unknown =>
  thrown instanceof Error && '_tag' in thrown ? thrown._tag : undefined;

/**
 * What all errors of this library have in common: a `_tag` to switch on, and facts as fields.
 *
 * The tag, not the class, is the identity: two copies of the library in one program still understand each other.
 */
export abstract class Tagged<Tag extends string> extends Error {
  constructor(
    readonly _tag: Tag,
    message: string,
  ) {
    super(message);
    this.name = _tag;
  }

  /** The facts and the message, so that a logged or recorded error says what happened. */
  toJSON(): Record<string, unknown> {
    return { ...Object.fromEntries(Object.entries(this).filter(([key]) => key !== 'name')), message: this.message };
  }
}
