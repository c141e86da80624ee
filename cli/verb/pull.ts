import { LaminError } from "../../store/errors.ts";
import { toggle } from "../flags.ts";
import { syncFields } from "../render/sync.ts";
import { closeSide, isBehindConnection, openAt, remoteMeant } from "../remote_instance.ts";
import { dataFlag, dryRunFlag, type ResolveFlags, resolveFlags, runTransfer } from "../transfer.ts";
import { orderedBy, partWords, transferArguments, transferExitCodes } from "../transfer_words.ts";
import { verb } from "../verb.ts";

interface Flags extends ResolveFlags {
  readonly zeroCopy?: boolean;
}

export default verb<Flags>({
  description: [
    "Brings what a remote has and this instance lacks: artifacts with their versions, lineage, labels,",
    "features and schemas, and every other record. Conditions choose artifacts, as for 'list'; what",
    "they were made from comes with them. Bytes stay with the remote unless --data asks for them:",
    "'lamin fetch' brings them later.",
    "A record that both sides changed is named and left as it is, unless a flag says who is right. What",
    "was deleted here stays deleted, and what the remote deleted for good stays here.",
  ].join("\n"),
  examples: [
    ["lamin pull", "from the only remote, or 'origin'"],
    ["lamin pull lab --dry-run", "what would come"],
    ["lamin pull lab key__startswith=raw/ --data latest", "some artifacts, with their bytes"],
    ["lamin pull lab --theirs", "where both changed a record, take the lab's"],
    ["lamin pull lab --zero-copy", "read the lab's bytes where they lie from now on"],
  ],
  exitCodes: transferExitCodes,
  flags: {
    data: dataFlag("none"),
    dryRun: dryRunFlag,
    zeroCopy: toggle("Register the remote's storage and read its bytes there, for good"),
    ...resolveFlags,
  },
  arguments: transferArguments,
  async run(context, flags, words) {
    context.output.requireFields(syncFields);
    if (flags.zeroCopy && (flags.data ?? "none") !== "none") throw bothWays();
    const [named, conditions] = partWords(words);
    const ordered = orderedBy(flags, "pull");
    const target = await context.instance();
    const remote = remoteMeant(context, target, named);
    if (flags.zeroCopy && isBehindConnection(remote.url)) throw notReadInPlace();
    const source = await openAt(context, remote.url, { readOnly: ordered.dryRun });
    try {
      const pull = () =>
        runTransfer(context, {
          ...ordered,
          source,
          target: { instance: target },
          here: target,
          remote: remote.name,
          conditions,
          zeroCopy: flags.zeroCopy ?? false,
          data: flags.data ?? "none",
          direction: "here",
        });
      if (!flags.zeroCopy || ordered.dryRun) return await pull();
      if (source.instance === undefined) throw notReadInPlace();
      const { readInPlace } = await import("../read_in_place.ts");
      return await readInPlace(context, source.instance, target, pull);
    } finally {
      await closeSide(source);
    }
  },
});

/** Bytes behind a server have no place that could be read. */
function notReadInPlace(): LaminError {
  return new LaminError("usage", "--zero-copy needs a remote whose storage is read from here", {
    hint: "through a server bytes are fetched: leave it out, and use --data or 'lamin fetch'",
  });
}

function bothWays(): LaminError {
  return new LaminError(
    "usage",
    "--zero-copy leaves bytes where they are, and --data brings them",
    {
      hint: "say one of them; 'lamin materialize' brings bytes later that are read in place",
    },
  );
}
