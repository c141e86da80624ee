import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { verb } from "../verb.ts";
import { create } from "./branch.ts";

export default verb({
  description: "Makes a branch, as Python's command has it: the same as 'lamin branch NAME'.",
  examples: [["lamin create branch cleaned-up", "make one"]],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  arguments: {
    brief: "The word 'branch', and a name",
    placeholder: "branch name",
    minimum: 2,
    maximum: 2,
    completes: "none",
  },
  async run(context, _flags, [what, name]) {
    if (what !== "branch") {
      throw new LaminError("usage", `'lamin create' makes branches, no ${what}`);
    }
    await create(context, name!);
  },
});
