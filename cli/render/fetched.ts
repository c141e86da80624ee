import type { Fetched } from "../../core/sync/fetch/fetch.ts";
import type { Selection } from "../../core/sync/fetch/select.ts";
import type { JsonObject, Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** How many artifacts are listed before the rest is only counted. */
const listedMax = 20;

/** The fields of what was fetched. */
export const fetchedFields: readonly string[] = ["status", "uid", "key", "size", "remote", "why"];

/** What became of each artifact, as `--json` prints it. */
export function fetchedJson(
  { toFetch }: Selection,
  { fetched, lacking }: Fetched,
): JsonObject[] {
  const done = new Set(fetched);
  const reasons = new Map(lacking.map(({ uid, why }) => [uid, why.message]));
  return toFetch.map(({ uid, key, size, remote }) => ({
    status: done.has(uid) ? "fetched" : "failed",
    uid,
    key,
    size,
    remote,
    why: reasons.get(uid) ?? null,
  }));
}

/** For people: a line for each artifact, and what it came to. */
export function renderFetched(
  { toFetch, present }: Selection,
  { fetched, objects, bytes }: Fetched,
  { output, dryRun }: { readonly output: Output; readonly dryRun: boolean },
): string {
  if (toFetch.length === 0) {
    return present === 0
      ? "Nothing to fetch"
      : `Nothing to fetch, ${plural(present, "artifact")} here`;
  }
  const done = new Set(fetched);
  const own = toFetch.filter(({ uid }) => done.has(uid));
  const shown = own.slice(0, output.verbose ? own.length : listedMax).map(({ key, uid, size }) => {
    const name = output.safe(key ?? uid);
    const version = key === null ? "" : ` ${output.paint.dim(output.safe(uid))}`;
    const amount = size === null ? "" : ` ${formatBytes(size)}`;
    return `  ${output.paint.green("fetched")} ${name}${version}${amount}`;
  });
  const more = own.length - shown.length;
  const verb = dryRun ? "would be fetched" : "fetched";
  const moved = `${plural(objects, "object")}, ${formatBytes(bytes)}`;
  return [
    ...shown,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    `${plural(own.length, "artifact")} ${verb} (${moved})`,
  ].join("\n");
}
