import { branchStatuses } from "../../core/branch/change_branch.ts";
import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { choice, text } from "../flags.ts";
import { verb } from "../verb.ts";
import { alter } from "./branch.ts";

interface Flags {
  readonly name?: string;
  readonly status?: typeof branchStatuses[number];
  readonly description?: string;
}

export default verb<Flags>({
  description: "Changes a branch, as Python's command has it: the same as 'lamin branch NAME …'.",
  examples: [
    ["lamin update branch --status review", "the current one"],
    ["lamin update branch --name cleaned-up --status draft", "another one"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    name: text("branch", "The branch; the current one unless given"),
    status: choice(branchStatuses, "Say how far it is"),
    description: text("text", "Say what it is for; '' takes that away"),
  },
  arguments: {
    brief: "The word 'branch'",
    placeholder: "branch",
    minimum: 1,
    maximum: 1,
    completes: "none",
  },
  async run(context, { name, ...change }, [what]) {
    if (what !== "branch") {
      throw new LaminError("usage", `'lamin update' changes branches, no ${what}`);
    }
    if (Object.keys(change).length === 0) {
      throw new LaminError("usage", "what is to be changed?", {
        hint: "give --status or --description",
      });
    }
    await alter(context, name, change);
  },
});
