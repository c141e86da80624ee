import type { PairChange } from "../../core/compare/compare_pair.ts";
import type { Pair } from "../../core/compare/pairs.ts";
import type { Output } from "../output.ts";
import { renderChange } from "./diff.ts";
import { formatBytes } from "./quantity.ts";

/** The name under which a pair is listed: that of the later side. */
export function nameOfPair({ names }: Pair): string {
  return names.after ?? names.before ?? "";
}

/** What sides are called. */
const kinds = { file: "file", folder: "folder", link: "link", special: "device or pipe" } as const;

/** A change of a pair for people; empty where there is nothing to say. */
export function renderPairChange(pair: Pair, change: PairChange, output: Output): string {
  const { paint } = output;
  const name = output.safe(nameOfPair(pair));
  switch (change.kind) {
    case "new":
      return `${paint.green(`A ${name}`)}  ${paint.dim(formatBytes(change.size))}`;
    case "deleted":
      return `${paint.red(`D ${name}`)}  ${paint.dim(formatBytes(change.size))}`;
    case "renamed":
      return paint.cyan(`R ${output.safe(pair.names.before ?? "")} → ${name}`);
    case "file_or_folder":
      return `${paint.yellow("~")} a ${kinds[change.before]} became a ${kinds[change.after]}`;
    default:
      return renderChange(change, paint);
  }
}
