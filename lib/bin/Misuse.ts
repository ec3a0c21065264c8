/** A command line that cannot be obeyed. The message is for the person who typed it. */
export class Misuse extends Error {
  readonly _tag = 'Misuse';
}
