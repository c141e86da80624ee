import type { DeletionPlan } from "../../core/trash/delete.ts";
import type { Removal } from "../../core/trash/remove.ts";
import { type ArtifactRow, objectsFolder } from "../../core/artifact/storage_key.ts";
import { artifact } from "../../core/registry/lamindb/artifact.ts";
import type { BranchRow } from "../../core/version/family.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { type RecordFlags, type RecordsMeant, recordsMeant } from "../records_meant.ts";
import { everyRegistryOf, registriesOf } from "../registries.ts";
import { renderDeletion } from "../render/deletion.ts";
import { type Moved, renderMoved } from "../render/moved.ts";
import { rowJson } from "../render/row_json.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags extends RecordFlags {
  readonly recursive?: boolean;
  readonly files?: boolean;
  readonly permanent?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Moves artifacts to the trash, from where 'lamin restore' brings them back. A key goes with all",
    "its versions; key@version or a whole uid goes alone, and the version before it is the latest then.",
    "Files in the work tree stay, unless --files is given: then those go that are exactly as recorded.",
    "Records of other registries are named after their registry: lamin rm ulabel NAME.",
  ].join("\n"),
  examples: [
    ["lamin rm raw/old.csv", "the key with all its versions, to the trash"],
    ["lamin rm raw/old.csv@0003", "one version"],
    ["lamin rm -r raw/2024", "all artifacts below a folder"],
    ["lamin rm ulabel 'bad batch'", "a record of another registry"],
    [
      "lamin rm --permanent raw/old.csv",
      "for good, after a question; 'lamin gc' removes the bytes",
    ],
    ["lamin delete artifact --uid Yf3kQ9xPZrB0aT2L0001", "as Python's lamin has it"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    recursive: toggle("All artifacts below a folder"),
    files: toggle("Remove the files in the work tree that are exactly as recorded, too"),
    permanent: toggle("Delete for good instead of moving to the trash"),
    force: toggle("With --permanent: do not ask"),
    dryRun: toggle("Show what would be done"),
    uid: text("uid", "The record with this uid, as in Python's lamin"),
    key: text("key", "The record with this key, as in Python's lamin"),
    name: text("name", "The record with this name, as in Python's lamin"),
  },
  aliases: { r: "recursive", f: "force", n: "dryRun" },
  arguments: {
    brief: "Keys, uids, folders with -r; or a registry and names of its records",
    placeholder: "reference",
    completes: "reference",
  },
  async run(context, flags, args) {
    const instance = await context.instance();
    const registries = await registriesOf(instance);
    const meant = await recordsMeant(instance, registries, flags, args);
    context.output.requireFields(["status", ...Object.keys((meant.registry ?? artifact).columns)]);
    if (flags.permanent) return await deletePermanently(context, flags, meant);
    const { remove } = await import("../../core/trash/remove.ts");
    const removal = await remove(instance, {
      ...meant,
      operation: context.operation("rm"),
      recursive: flags.recursive ?? false,
      dryRun: flags.dryRun ?? false,
    });
    printRemoval(context, flags, removal);
    if (flags.files) await removeFiles(context, flags, meant, removal.removed);
  },
});

function printRemoval(context: Context, flags: Flags & CommonFlags, removal: Removal): void {
  const moved: Moved[] = [
    ...removal.removed.map((row) => ({ status: "trashed", row } as const)),
    ...removal.promoted.map((row) => ({ status: "latest", row } as const)),
  ];
  const { registry } = removal;
  context.output.results(
    moved.map(({ status, row }) => ({ status, ...rowJson(registry, row) })),
    () => renderMoved(registry, moved, context.output, flags.dryRun ?? false),
  );
  const { fromMain } = removal;
  if (fromMain > 0) {
    const were = fromMain === 1 ? "was" : "were";
    context.output.note(
      `${fromMain} of them ${were} on main, not on the current branch`,
    );
  }
}

async function removeFiles(
  context: Context,
  flags: Flags,
  meant: RecordsMeant,
  rows: readonly BranchRow[],
): Promise<void> {
  if (meant.registry !== undefined) {
    throw new LaminError("usage", "--files is for artifacts: other records have no files");
  }
  const { removeWorkFiles } = await import("../../core/trash/work_files.ts");
  const instance = await context.instance();
  const artifacts = rows as unknown as readonly ArtifactRow[];
  const { removed, kept } = await removeWorkFiles(instance, artifacts, flags.dryRun ?? false);
  const { output } = context;
  for (const { path, why } of kept) output.warn(`kept ${output.safe(path)}: ${why}`);
  const verb = flags.dryRun ? "would be removed" : "removed";
  if (removed.length > 0) output.note(`${removed.length} of the work tree's files ${verb}`);
}

async function deletePermanently(
  context: Context,
  flags: Flags & CommonFlags,
  meant: RecordsMeant,
): Promise<number> {
  if (flags.files) {
    throw new LaminError("usage", "--files goes with the trash, not with --permanent", {
      hint: "remove the file yourself if no copy is to stay",
    });
  }
  const { deleteForGood, planDeletion } = await import("../../core/trash/delete.ts");
  const instance = await context.instance();
  const request = {
    ...meant,
    operation: context.operation("rm"),
    recursive: flags.recursive ?? false,
    registries: await everyRegistryOf(instance),
  };
  if (flags.dryRun) {
    printDeletion(context, await planDeletion(instance, request), "would be deleted");
    return exitCode.ok;
  }
  if (!flags.force && !(await isConfirmed(context, await planDeletion(instance, request)))) {
    context.output.note("nothing was changed");
    return exitCode.failed;
  }
  const deletion = await deleteForGood(instance, request);
  printDeletion(context, deletion, "deleted");
  for (const note of notesOn(deletion)) context.output.note(note);
  await tellReaders(context, deletion);
  return exitCode.ok;
}

async function isConfirmed(context: Context, plan: DeletionPlan): Promise<boolean> {
  const { terminal } = context.host;
  if (!terminal.inputIsTerminal() || !terminal.errorIsTerminal()) {
    throw new LaminError("denied", "deleting for good needs a yes, and nobody is here to give it", {
      hint: "--force does it without a question; --dry-run shows what would go",
    });
  }
  context.output.error(renderDeletion(plan, context.output, "will be deleted"));
  await tellReaders(context, plan);
  const { confirm } = await import("../confirm.ts");
  return await confirm(context, "delete for good?");
}

/** Bytes that others read where they lie stay for them, whatever becomes of the rows. */
async function tellReaders(context: Context, { registry, rows }: DeletionPlan): Promise<void> {
  if (registry.name !== artifact.name) return;
  const { readersOf } = await import("../../core/sync/lease/leases.ts");
  const instance = await context.instance();
  const readers = await instance.database.read((reader) =>
    readersOf(reader, rows as unknown as readonly ArtifactRow[])
  );
  const { output } = context;
  for (const name of readers) {
    const who = output.safe(name);
    output.note(`${who} reads the bytes here: they stay until 'lamin remote release ${who}'`);
  }
}

/** What becomes of bytes: 'lamin gc' deletes objects only, nothing of Python's or in place. */
function notesOn({ rows }: DeletionPlan): string[] {
  const bytes = Map.groupBy(
    rows.filter((row) => "_real_key" in row),
    ({ _real_key: key }) =>
      typeof key === "string" && key.startsWith(`${objectsFolder}/`) ? "objects" : "others",
  );
  return [
    bytes.has("objects")
      ? "the bytes stay until 'lamin gc'; until then 'lamin undo' brings them back"
      : "'lamin undo' brings that back",
    ...(bytes.has("others")
      ? ["files that Python wrote or that were registered in place stay where they are"]
      : []),
  ];
}

function printDeletion(context: Context, plan: DeletionPlan, verb: string): void {
  context.output.results(
    plan.rows.map((row) => ({ status: "deleted", ...rowJson(plan.registry, row) })),
    () => renderDeletion(plan, context.output, verb),
  );
}
