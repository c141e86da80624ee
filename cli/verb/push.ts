import { syncFields } from "../render/sync.ts";
import { closeSide, openAt, remoteMeant } from "../remote_instance.ts";
import { dataFlag, dryRunFlag, type ResolveFlags, resolveFlags, runTransfer } from "../transfer.ts";
import { orderedBy, partWords, transferArguments, transferExitCodes } from "../transfer_words.ts";
import { verb } from "../verb.ts";

export default verb<ResolveFlags>({
  description: [
    "Brings what this instance has to a remote that lacks it: artifacts with their bytes, versions,",
    "lineage, labels, features and schemas, and every other record. Conditions choose artifacts, as for",
    "'list'; what they were made from goes with them. Bytes go first, so that an interrupted push goes",
    "on where it was when it is repeated.",
    "A record that both sides changed is named and left as it is there, unless a flag says who is",
    "right. Nothing is deleted at the remote but links that were taken away here.",
  ].join("\n"),
  examples: [
    ["lamin push", "to the only remote, or 'origin'"],
    ["lamin push lab --dry-run", "what would go, and how many bytes"],
    [
      "lamin push lab key__startswith=results/",
      "some artifacts, with all that they were made from",
    ],
    ["lamin push lab --data none", "records alone"],
  ],
  exitCodes: transferExitCodes,
  flags: { data: dataFlag("all"), dryRun: dryRunFlag, ...resolveFlags },
  arguments: transferArguments,
  async run(context, flags, words) {
    context.output.requireFields(syncFields);
    const [named, conditions] = partWords(words);
    const ordered = orderedBy(flags, "push");
    const source = await context.instance();
    const remote = remoteMeant(context, source, named);
    const target = await openAt(context, remote.url, { readOnly: ordered.dryRun });
    try {
      return await runTransfer(context, {
        ...ordered,
        source: { instance: source },
        target,
        here: source,
        remote: source.slug,
        conditions,
        data: flags.data ?? "all",
        direction: `to ${context.output.safe(remote.name)}`,
      });
    } finally {
      await closeSide(target);
    }
  },
});
