import { LaminError } from "../../../../store/errors.ts";

/** What a source says is not what it said before: somebody wrote to it in between. */
export class ChangedMeanwhile extends LaminError {
  constructor() {
    super("conflict", "the other instance changed just now", { hint: "run the command again" });
  }
}
