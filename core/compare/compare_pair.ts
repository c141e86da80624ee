import type { Change, Summary } from "../format/change.ts";
import type { Format } from "../format/format.ts";
import { compareFiles, compareFolders } from "./compare_content.ts";
import type { Pair } from "./pairs.ts";
import type { Side } from "./side.ts";

export interface CompareOptions {
  /** Columns that tell which rows belong together. */
  readonly on?: readonly string[];
  /** Whether content without such columns is compared all the same instead of refused. */
  readonly onWherePossible?: boolean;
  /** Most changes to give one by one. */
  readonly changesMax: number;
  /** Look into the changed files of folders too. */
  readonly deep: boolean;
}

/** A change of a pair: in its content, or of the whole of it. */
export type PairChange = Change | WholeChange;

/** What happened to a file or folder as a whole. Sizes are in bytes. */
export type WholeChange =
  | { readonly kind: "new" | "deleted" | "renamed"; readonly size: number }
  | {
    readonly kind: "file_or_folder";
    readonly before: Side["kind"];
    readonly after: Side["kind"];
  };

/**
 * The changes from one side of a pair to the other, ending with a summary.
 *
 * Throws what formats throw, and code "damaged" when the store's bytes are not the recorded ones.
 */
export async function* comparePair(
  formats: readonly Format[],
  pair: Pair,
  options: CompareOptions,
): AsyncGenerator<PairChange> {
  const { before, after } = await pair.open();
  if (before === null || after === null || pair.isRenamed) {
    const how = pair.isRenamed ? "renamed" : before === null ? "added" : "removed";
    const kind = ({ renamed: "renamed", added: "new", removed: "deleted" } as const)[how];
    const { size } = (after ?? before)!;
    yield* whole({ kind, size }, how, { before: before?.size, after: after?.size }, options);
  } else if (before.kind === "file" && after.kind === "file") {
    yield* compareFiles(formats, before, after, options);
  } else if (before.kind === "folder" && after.kind === "folder") {
    yield* compareFolders(formats, before, after, options);
  } else {
    const change = { kind: "file_or_folder", before: before.kind, after: after.kind } as const;
    yield* whole(change, "changed", { before: before.size, after: after.size }, options);
  }
}

function* whole(
  change: WholeChange,
  how: "added" | "removed" | "changed" | "renamed",
  size: { before: number | undefined; after: number | undefined },
  { changesMax }: CompareOptions,
): Generator<PairChange> {
  if (changesMax > 0) yield change;
  const summary: Summary = {
    kind: "summary",
    format: "whole",
    same: false,
    counts: [{ of: "files", added: 0, removed: 0, changed: 0, [how]: 1 }],
    hidden: changesMax > 0 ? 0 : 1,
    size: { before: size.before ?? 0, after: size.after ?? 0 },
  };
  yield summary;
}
