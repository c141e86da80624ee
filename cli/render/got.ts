import type { Got } from "../../core/artifact/get/get.ts";
import { versionSuffix } from "../../core/identity/uid.ts";
import type { Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** How many artifacts are listed before the rest is only counted. */
const listedMax = 20;

export interface GotStyle {
  readonly output: Output;
  readonly dryRun: boolean;
  /** A path below the destination as it is called from the working directory. */
  readonly nameOf: (path: string) => string;
}

/** What `get` did, a line for each artifact that was fetched and a line of totals. */
export function renderGot(got: readonly Got[], style: GotStyle): string {
  const { verbose } = style.output;
  const fetched = got.filter(({ status }) => status === "fetched");
  const shown = verbose ? got.filter(({ fault }) => fault === undefined) : fetched;
  const listed = shown.slice(0, verbose ? Infinity : listedMax).map((one) => line(one, style));
  if (shown.length > listed.length) listed.push(`  … and ${shown.length - listed.length} more`);
  return [...listed, totals(got, style.dryRun)].filter((text) => text !== "").join("\n");
}

function line({ row, path, status, skipped }: Got, { output, nameOf }: GotStyle): string {
  const { paint } = output;
  const colour = status === "fetched"
    ? paint.green
    : status === "skipped"
    ? paint.yellow
    : paint.dim;
  const version = paint.dim(
    `${output.safe(row.uid)} (${output.safe(row.version_tag ?? versionSuffix(row.uid))})`,
  );
  const size = row.size === null ? "" : ` ${formatBytes(row.size)}`;
  const some = skipped.length > 0 && row.n_files !== null ? ` (${skipped.length} files left)` : "";
  return `  ${colour(status.padEnd(9))} ${output.safe(nameOf(path))} ${version}${size}${some}`;
}

function totals(got: readonly Got[], dryRun: boolean): string {
  const parts: string[] = [];
  const fetched = got.filter(({ status }) => status === "fetched");
  if (fetched.length > 0) {
    const bytes = fetched.reduce((sum, { row }) => sum + (row.size ?? 0), 0);
    const verb = dryRun ? "would be fetched" : "fetched";
    parts.push(`${plural(fetched.length, "artifact")} ${verb} (${formatBytes(bytes)})`);
  }
  for (const [status, words] of [["unchanged", "already here"], ["skipped", "skipped"]] as const) {
    const count = got.filter((one) => one.status === status).length;
    if (count > 0) parts.push(`${count} ${words}`);
  }
  return parts.join(", ");
}
