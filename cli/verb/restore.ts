import { artifact } from "../../core/registry/lamindb/artifact.ts";
import { exitCode } from "../exit.ts";
import { text, toggle } from "../flags.ts";
import { type RecordFlags, recordsMeant } from "../records_meant.ts";
import { registriesOf } from "../registries.ts";
import { type Moved, renderMoved } from "../render/moved.ts";
import { rowJson } from "../render/row_json.ts";
import { verb } from "../verb.ts";

interface Flags extends Omit<RecordFlags, "key"> {
  readonly branch?: string;
  readonly key?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Brings artifacts back from the trash: a key with all its versions, a folder with all below it,",
    "key@version or a whole uid alone. Each goes back to the branch that it was removed from; what",
    "Python removed goes to main. Afterwards the key has one latest version there. Files in the work",
    "tree are not written: 'lamin get' does that.",
  ].join("\n"),
  examples: [
    ["lamin restore raw/old.csv", "the key with all its versions"],
    ["lamin restore raw", "all that was below a folder"],
    ["lamin restore raw/old.csv --key raw/older.csv", "under another key, where that one is taken"],
    ["lamin restore ulabel 'bad batch'", "a record of another registry"],
    ["lamin list artifact --trash", "what is in the trash"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    branch: text("branch", "Branch to restore to; the one it was removed from unless given"),
    key: text("key", "Another key for the artifact"),
    force: toggle("Restore even where another artifact has taken the key"),
    dryRun: toggle("Show what would be done"),
    uid: text("uid", "The record with this uid"),
    name: text("name", "The record with this name"),
  },
  aliases: { f: "force", n: "dryRun" },
  arguments: {
    brief: "Keys, uids or folders; or a registry and names of its records",
    placeholder: "reference",
    completes: "none",
  },
  async run(context, flags, args) {
    const instance = await context.instance();
    const { key, ...named } = flags;
    const meant = await recordsMeant(instance, await registriesOf(instance), named, args);
    context.output.requireFields(["status", ...Object.keys((meant.registry ?? artifact).columns)]);
    const { restore } = await import("../../core/trash/restore.ts");
    const { registry, restored, unsure } = await restore(instance, {
      ...meant,
      operation: context.operation("restore"),
      ...(flags.branch === undefined ? {} : { branch: flags.branch }),
      ...(key === undefined ? {} : { key }),
      force: flags.force ?? false,
      dryRun: flags.dryRun ?? false,
    });
    const moved: Moved[] = restored.map((row) => ({ status: "restored", row }));
    context.output.results(
      moved.map(({ status, row }) => ({ status, ...rowJson(registry, row) })),
      () => renderMoved(registry, moved, context.output, flags.dryRun ?? false),
    );
    if (unsure.length > 0) {
      const were = unsure.length === 1 ? "was" : "were";
      context.output.note(
        `${unsure.length} of them ${were} made on another branch: --branch goes there`,
      );
    }
  },
});
