import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { syncFields } from "../render/sync.ts";
import { closeSide, isBehindConnection, openAt, remoteMeant } from "../remote_instance.ts";
import {
  dataFlag,
  dryRunFlag,
  resolutionOf,
  type ResolveFlags,
  resolveFlags,
  runTransfer,
} from "../transfer.ts";
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
  exitCodes: [
    exitCode.different,
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    data: dataFlag("none"),
    dryRun: dryRunFlag,
    zeroCopy: toggle("Register the remote's storage and read its bytes there, for good"),
    ...resolveFlags,
  },
  arguments: {
    brief: "A remote's name or place, then conditions on artifacts",
    placeholder: "remote|field=value",
  },
  async run(context, flags, words) {
    context.output.requireFields(syncFields);
    const [named, conditions] = partWords(words);
    requireOne(flags);
    const target = await context.instance();
    const remote = remoteMeant(context, target, named);
    if (flags.zeroCopy && isBehindConnection(remote.url)) throw notReadInPlace();
    const source = await openAt(context, remote.url, { readOnly: flags.dryRun ?? false });
    try {
      const pull = () =>
        runTransfer(context, {
          source,
          target: { instance: target },
          here: target,
          remote: remote.name,
          conditions,
          branch: flags.branch,
          withDeleted: flags.deleted ?? false,
          resolution: resolutionOf(flags, false),
          zeroCopy: flags.zeroCopy ?? false,
          data: flags.data ?? "none",
          dryRun: flags.dryRun ?? false,
          direction: "here",
          verb: "pull",
        });
      if (!flags.zeroCopy || flags.dryRun) return await pull();
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

/** The remote, if the first word is one, and the conditions. */
export function partWords(
  words: readonly string[],
): readonly [remote: string | undefined, conditions: readonly string[]] {
  const isCondition = /^[A-Za-z_][A-Za-z0-9_]*=/.test(words[0] ?? "x=");
  return isCondition ? [undefined, words] : [words[0], words.slice(1)];
}

/** Throws code "usage" when several are said to be right. */
export function requireOne({ ours, theirs, newest }: ResolveFlags): void {
  if ([ours, theirs, newest].filter(Boolean).length < 2) return;
  throw new LaminError("usage", "only one of --ours, --theirs and --newest can be right");
}
