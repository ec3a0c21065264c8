/** A message about the connection itself, which ends inside the provider. Each provider adds fields of its own. */
export interface Control {
  readonly kind: 'control';
}
