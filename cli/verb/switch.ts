import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { branchFields, branchJson } from "../render/branches.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly create?: boolean;
}

export default verb<Flags>({
  description: [
    "Switches to another branch in this work tree, for lamin and for Python: what is recorded from now",
    "on is on that branch, and shown is what is there and on main. Files stay as they are: 'lamin",
    "status' then compares them with the branch, and 'lamin get' fetches what they are there.",
  ].join("\n"),
  examples: [
    ["lamin switch -c cleaned-up", "make a branch and switch to it"],
    ["lamin switch main", "back to main"],
    ["lamin merge cleaned-up", "and take over what is on the branch"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: { create: toggle("Make the branch first") },
  aliases: { c: "create" },
  arguments: {
    brief: "Name or uid of a branch",
    placeholder: "branch",
    minimum: 1,
    maximum: 2,
    completes: "branch",
  },
  async run(context, { create }, args) {
    const { output } = context;
    output.requireFields(branchFields);
    const name = nameIn(args);
    const instance = await context.instance({ readOnly: !create });
    if (create) {
      const { createBranch } = await import("../../core/branch/create_branch.ts");
      await createBranch(instance, context.operation("branch"), name);
    }
    const { switchBranch } = await import("../../core/branch/switch_branch.ts");
    const row = await switchBranch(instance, name);
    output.result(branchJson(row), () => {
      const said = create ? "switched to the new branch" : "switched to";
      return `${said} ${output.paint.bold(output.safe(row.name))}`;
    });
  },
});

/** The branch's name; `switch branch NAME` is how Python's command had it before. */
function nameIn([first, second]: readonly string[]): string {
  if (second === undefined) return first!;
  if (first === "branch") return second;
  throw new LaminError("usage", `'switch' takes one branch, not '${first}' and '${second}'`);
}
