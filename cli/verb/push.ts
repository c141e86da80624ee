import { exitCode } from "../exit.ts";
import { syncFields } from "../render/sync.ts";
import { closeSide, openAt, remoteMeant } from "../remote_instance.ts";
import {
  dataFlag,
  dryRunFlag,
  resolutionOf,
  type ResolveFlags,
  resolveFlags,
  runTransfer,
} from "../transfer.ts";
import { verb } from "../verb.ts";
import { partWords, requireOne } from "./pull.ts";

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
  exitCodes: [
    exitCode.different,
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: { data: dataFlag("all"), dryRun: dryRunFlag, ...resolveFlags },
  arguments: {
    brief: "A remote's name or place, then conditions on artifacts",
    placeholder: "remote|field=value",
  },
  async run(context, flags, words) {
    context.output.requireFields(syncFields);
    const [named, conditions] = partWords(words);
    requireOne(flags);
    const source = await context.instance();
    const remote = remoteMeant(context, source, named);
    const target = await openAt(context, remote.url, { readOnly: flags.dryRun ?? false });
    try {
      return await runTransfer(context, {
        source: { instance: source },
        target,
        here: source,
        remote: source.slug,
        conditions,
        branch: flags.branch,
        withDeleted: flags.deleted ?? false,
        resolution: resolutionOf(flags, true),
        data: flags.data ?? "all",
        dryRun: flags.dryRun ?? false,
        direction: `to ${context.output.safe(remote.name)}`,
        verb: "push",
      });
    } finally {
      await closeSide(target);
    }
  },
});
