/** Why a value cannot be carried over, and what to do about it; no error of the program. */
export class Misfit {
  constructor(
    /** Goes on after the name of the value: `is no time`. */
    readonly problem: string,
    readonly remedy: string,
  ) {}
}
