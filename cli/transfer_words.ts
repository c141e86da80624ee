import { LaminError } from "../store/errors.ts";
import { isCondition } from "./artifact_words.ts";
import { exitCode } from "./exit.ts";
import { resolutionOf, type ResolveFlags, type TransferOrder } from "./transfer.ts";

/** What pull and push take. */
export const transferArguments = {
  brief: "A remote's name or place, then conditions on artifacts",
  placeholder: "remote|field=value",
};

/** What pull and push may end with. */
export const transferExitCodes = [
  exitCode.different,
  exitCode.noInstance,
  exitCode.busy,
  exitCode.denied,
  exitCode.damaged,
  exitCode.schemaUnknown,
];

/** The remote, if the first word is one, and the conditions. */
export function partWords(
  words: readonly string[],
): readonly [remote: string | undefined, conditions: readonly string[]] {
  return isCondition(words[0] ?? "x=") ? [undefined, words] : [words[0], words.slice(1)];
}

/**
 * What the flags that pull and push share say. Throws code "usage" when several sides are said to
 * be right.
 */
export function orderedBy(
  flags: ResolveFlags,
  verb: "pull" | "push",
): Pick<TransferOrder, "branch" | "withDeleted" | "resolution" | "dryRun" | "verb"> {
  const { ours, theirs, newest, branch, deleted = false, dryRun = false } = flags;
  if ([ours, theirs, newest].filter(Boolean).length > 1) {
    throw new LaminError("usage", "only one of --ours, --theirs and --newest can be right");
  }
  const resolution = resolutionOf(flags, verb === "push");
  return { branch, withDeleted: deleted, resolution, dryRun, verb };
}
