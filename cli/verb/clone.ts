import { isCondition } from "../artifact_words.ts";
import { openInstance } from "../../core/instance/open.ts";
import { makeClone } from "../../core/sync/clone/make_clone.ts";
import { requireConditions } from "../../core/sync/clone/require_conditions.ts";
import { addRemote, remotesOf, remoteUrl } from "../../core/sync/remote/remotes.ts";
import { exitCode } from "../exit.ts";
import { explainedBy } from "../explained_by.ts";
import { text } from "../flags.ts";
import { hintModules } from "../hint_modules.ts";
import { allRegistries, modules } from "../modules.ts";
import { closeSide, describeSide, openAt } from "../remote_instance.ts";
import { syncFields } from "../render/sync.ts";
import { dataFlag, runTransfer, type TransferFlags } from "../transfer.ts";
import { verb } from "../verb.ts";

interface Flags extends Omit<TransferFlags, "dryRun"> {
  readonly name?: string;
  readonly storage?: string;
  readonly db?: string;
}

export default verb<Flags>({
  description: [
    "Makes an instance that has what another one has: every record, and those bytes that --data asks",
    "for; 'lamin fetch' brings others later. It is an instance of its own, which Python finds by",
    "ln.connect(\"owner/name\"), and knows the other one as the remote 'origin' for pull and push.",
    "Cloning runs nothing of what it reads, and writes nowhere but into the new folder and your settings;",
    "a source that you may write to is told which bytes are not fetched yet, and its 'lamin gc' leaves",
    "them until they are.",
    "Interrupted, the same command goes on.",
  ].join("\n"),
  examples: [
    ["lamin clone /mnt/lab/atlas", "into a new folder 'atlas', without bytes"],
    ["lamin clone s3://lab-bucket/atlas mine --data latest", "with the latest versions' bytes"],
    ["lamin clone /mnt/lab/atlas copy key__startswith=raw/", "only some artifacts"],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    data: dataFlag("none"),
    name: text("name", "Name of the clone; that of the other instance unless given or taken here"),
    storage: text("folder|url", "Where bytes and database go; the folder itself unless given"),
    db: text("url", "Postgres database for the rows"),
  },
  arguments: {
    brief: "The place of an instance, a new folder, conditions on artifacts",
    placeholder: "place|folder|field=value",
    minimum: 1,
    completes: "path",
  },
  async run(context, flags, [place, ...more]) {
    context.output.requireFields(syncFields);
    const isFolder = more.length > 0 && !isCondition(more[0]!);
    const [folder, conditions] = isFolder ? [more[0], more.slice(1)] : [undefined, more];
    const url = remoteUrl(context.host, place!);
    const source = await openAt(context, url, { readOnly: true });
    try {
      const openRemote = await context.remotes();
      const { instance } = source;
      if (instance !== undefined) {
        const look = () => requireConditions(instance, allRegistries(), conditions);
        await explainedBy([source], look);
      }
      const card = await explainedBy([source], () => describeSide(source));
      const made = await makeClone(context.host, card, {
        folder,
        name: flags.name,
        ...(flags.storage === undefined ? {} : { storage: flags.storage }),
        ...(flags.db === undefined ? {} : { databaseUrl: flags.db }),
        modules: knownAmong(card.modules),
        knownModules: modules,
        registries: allRegistries(),
        openRemote,
      });
      const target = await openInstance(context.host, {
        wanted: made.workTree,
        loadRegistries: () => Promise.resolve(allRegistries()),
        openRemote,
      });
      try {
        // Before anything comes: 'pull' goes on as well where this was interrupted.
        const remotes = remotesOf(target);
        if (!remotes.some(({ name }) => name === "origin")) addRemote(target, "origin", url);
        const code = await runTransfer(context, {
          source,
          target: { instance: target },
          here: target,
          remote: "origin",
          conditions,
          data: flags.data ?? "none",
          dryRun: false,
          reopen: () => openAt(context, url, { readOnly: false }),
          direction: `into ${context.output.safe(made.slug)} in ${context.output.safe(made.root)}`,
          verb: "clone",
        });
        await hintModules(context, target);
        return code;
      } finally {
        await target.close();
      }
    } finally {
      await closeSide(source);
    }
  },
});

/** Those modules that this program has too. */
function knownAmong(enabled: readonly string[]): readonly string[] {
  const known = new Set(modules.map(({ name }) => name));
  return enabled.filter((name) => known.has(name));
}
