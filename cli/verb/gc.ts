import { collectGarbage } from "../../core/gc/collect.ts";
import { planGarbage } from "../../core/gc/plan.ts";
import type { Instance, StorageRow } from "../../core/instance/instance.ts";
import { parseDuration } from "../../core/text/duration.ts";
import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { garbageFields, garbageJson, renderGarbage } from "../render/garbage.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly apply?: boolean;
  readonly grace?: string;
  readonly storage?: string;
  readonly force?: boolean;
}

/** How long bytes stay that nothing refers to, unless told otherwise. */
const defaultGrace = "14d";

export default verb<Flags>({
  description: [
    "Shows which stored bytes no artifact has any more, on any branch, in the trash or in the archive,",
    "and deletes them with --apply. What is younger than the grace period stays, and so does what an",
    "undo of an operation within it would need. Data that was registered in place and files that",
    "Python wrote are never deleted. Only the instance's own storage is looked at, unless --storage",
    "names another one that it manages: a copy of the instance may keep artifacts there, of which",
    "nothing is known here. What another instance reads here (pull --zero-copy) stays until that is",
    "over ('lamin remote release'), and so does the last sound copy of something, unless --force is",
    "given.",
  ].join("\n"),
  examples: [
    ["lamin gc", "what could be deleted, and how much that is"],
    ["lamin gc --apply", "delete it"],
    ["lamin gc --apply --grace 0", "also what was added or undone just now"],
    ["lamin gc --storage s3://lab-bucket/atlas", "what could be deleted there"],
    [
      "lamin gc --json | jq -r 'select(.status == \"unreferenced\") | .name'",
      "names for a program",
    ],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    apply: toggle("Delete what the plan shows; it cannot be undone"),
    grace: text("duration", `Keep what is younger: 90m, 12h, 14d or 0 (${defaultGrace})`),
    force: toggle("Also what other instances read here, and last copies"),
    storage: text("uid|root", "Another storage that this instance manages"),
  },
  async run(context, flags) {
    context.output.requireFields(garbageFields);
    const graceMs = parseDuration(flags.grace ?? defaultGrace);
    const instance = await context.instance();
    const plan = await planGarbage(instance, {
      graceMs,
      storages: await storagesMeant(instance, flags.storage),
      isForced: flags.force ?? false,
    });
    const done = flags.apply
      ? await collectGarbage(instance, plan, graceMs, context.operation("gc"))
      : undefined;
    const deleted = done && new Set(done.objects);
    const { output } = context;
    output.results(
      garbageJson(plan, deleted),
      () => renderGarbage(plan, deleted, output),
    );
    const found = plan.collectable.length + plan.leftOvers.length;
    if (!flags.apply && found > 0 && output.mode === "human") {
      const where = (flags.force ? " --force" : "") +
        (flags.storage === undefined ? "" : ` --storage ${output.safe(flags.storage)}`);
      output.note(`nothing was deleted: 'lamin gc --apply${where}' does it`);
    }
  },
});

/** Throws code "denied" for a storage that another instance manages, or none. */
async function storagesMeant(
  instance: Instance,
  named: string | undefined,
): Promise<readonly StorageRow[] | undefined> {
  if (named === undefined) return undefined;
  const { findStorage } = await import("../../core/storage/find_storage.ts");
  const row = findStorage(instance, named);
  if (instance.managedStorageIds.includes(row.id)) {
    const { requireOwnMark } = await import("../../core/gc/own_storages.ts");
    await requireOwnMark(instance, row);
    return [row];
  }
  throw new LaminError("denied", `this instance does not manage ${row.root}`, {
    hint: "'lamin storage list' says which ones it does",
    data: { storage: row.root },
  });
}
