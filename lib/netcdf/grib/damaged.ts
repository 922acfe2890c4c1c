/** A message says what it cannot mean, or ends before what it says. Whoever knows the file makes an InputError of it. */
export class GribDamaged extends Error {
  override readonly name = "GribDamaged";
}

/** A message is of a kind that is not read here. */
export class GribUnsupported extends Error {
  override readonly name = "GribUnsupported";
  /** The command that makes another file of it. */
  readonly hint: string;

  constructor(what: string, hint: string) {
    super(what);
    this.hint = hint;
  }
}
