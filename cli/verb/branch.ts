import type { BranchChange } from "../../core/branch/change_branch.ts";
import { branchStatuses } from "../../core/branch/change_branch.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { choice, text, toggle } from "../flags.ts";
import { everyRegistryOf } from "../registries.ts";
import { branchFields, branchJson, listedJson, renderBranches } from "../render/branches.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly rename?: string;
  readonly delete?: boolean;
  readonly status?: typeof branchStatuses[number];
  readonly description?: string;
}

export default verb<Flags>({
  description: [
    "Lists the branches, makes one, or changes one. What is recorded on a branch is seen there, beside",
    "what is on main, and nowhere else until 'lamin merge'. 'lamin switch' chooses the branch to work",
    "on. A branch is deleted only while nothing was made on it: else it stays, as in LaminDB, so that",
    "records can say where they were made.",
  ].join("\n"),
  examples: [
    ["lamin branch", "all of them, the current one with a star"],
    ["lamin branch cleaned-up", "make one; 'lamin switch -c cleaned-up' switches to it, too"],
    ["lamin branch --status review", "ask others to look at the current one"],
    ["lamin branch cleaned-up --rename cleaned", "give it another name"],
    ["lamin branch cleaned --description 'without doublets'", "say what it is for"],
    ["lamin branch cleaned --delete", "delete it, if it was never used"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    rename: text("name", "Give the branch this name"),
    delete: toggle("Delete the branch"),
    status: choice(branchStatuses, "Say how far it is"),
    description: text("text", "Say what it is for; '' takes that away"),
  },
  aliases: { m: "rename", d: "delete" },
  arguments: {
    brief: "Name of a branch to make; with an option the one to change, else the current one",
    placeholder: "branch",
    maximum: 1,
    completes: "branch",
  },
  async run(context, flags, [name]) {
    const { rename, status, description } = flags;
    const change: BranchChange = {
      ...(rename === undefined ? {} : { name: rename }),
      ...(status === undefined ? {} : { status }),
      ...(description === undefined ? {} : { description }),
    };
    const isChange = Object.keys(change).length > 0;
    if (flags.delete && (isChange || name === undefined)) {
      const message = isChange
        ? "what is deleted is not changed"
        : "which branch is to be deleted?";
      throw new LaminError("usage", message, { hint: "lamin branch NAME --delete" });
    }
    if (flags.delete) return await remove(context, name!);
    if (isChange) return await alter(context, name, change);
    return name === undefined ? await list(context) : await create(context, name);
  },
});

async function list(context: Context): Promise<void> {
  const { output } = context;
  const instance = await context.instance({ readOnly: true });
  const all = await everyRegistryOf(instance);
  const { listBranches } = await import("../../core/branch/list_branches.ts");
  const branches = await instance.database.read((reader) => listBranches(instance, reader, all));
  output.results(branches.map(listedJson), () => renderBranches(branches, output));
}

/** Also for `lamin create branch NAME`, as Python's command has it. */
export async function create(context: Context, name: string): Promise<void> {
  const { output } = context;
  output.requireFields(branchFields);
  const instance = await context.instance();
  const { createBranch } = await import("../../core/branch/create_branch.ts");
  const row = await createBranch(instance, context.operation("branch"), name);
  output.result(
    branchJson(row),
    () => `created branch ${output.paint.bold(output.safe(row.name))}`,
  );
}

/** Also for `lamin update branch`, as Python's command has it. */
export async function alter(
  context: Context,
  name: string | undefined,
  change: BranchChange,
): Promise<void> {
  const { output } = context;
  output.requireFields(branchFields);
  const instance = await context.instance();
  const { changeBranch } = await import("../../core/branch/change_branch.ts");
  const row = await changeBranch(instance, context.operation("branch"), name, change);
  output.result(
    branchJson(row),
    () => `changed branch ${output.paint.bold(output.safe(row.name))}`,
  );
}

async function remove(context: Context, name: string): Promise<void> {
  const { output } = context;
  output.requireFields(branchFields);
  const instance = await context.instance();
  const all = await everyRegistryOf(instance);
  const { deleteBranch } = await import("../../core/branch/delete_branch.ts");
  const row = await deleteBranch(instance, context.operation("branch"), name, all);
  output.result(
    branchJson(row),
    () => `deleted branch ${output.paint.bold(output.safe(row.name))}`,
  );
}
