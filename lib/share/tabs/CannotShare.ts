/** A tab cannot take part; it has to make do with a feed of its own. Never leaves `shareAcrossTabs`. */
export class CannotShare extends Error {}
