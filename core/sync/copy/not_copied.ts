/** Tables cannot be copied as they are after all: their rows have to be looked at one by one. */
export class NotCopied extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`cannot be copied: ${why}`, options);
  }
}
