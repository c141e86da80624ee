import type { Selection } from "../../core/materialize/select.ts";
import type { Fetched } from "../../core/sync/fetch/fetch.ts";
import { withoutPassword } from "../../store/without_password.ts";
import type { JsonObject, Output } from "../output.ts";
import { formatBytes, plural } from "./quantity.ts";

/** What `--json` prints of each artifact. */
export const materializedFields: readonly string[] = [
  "status",
  "uid",
  "key",
  "size",
  "storage",
  "why",
];

/** How many artifacts are listed before the rest is only counted. */
const listedMax = 20;

export function materializedJson(
  { elsewhere }: Selection,
  { fetched, lacking }: Fetched,
): JsonObject[] {
  const done = new Set(fetched);
  const reasons = new Map(lacking.map(({ uid, why }) => [uid, why.message]));
  return elsewhere.map(({ uid, key, size, root }) => ({
    status: done.has(uid) ? "materialized" : "failed",
    uid,
    key,
    size,
    storage: withoutPassword(root),
    why: reasons.get(uid) ?? null,
  }));
}

/** For people: a line for each artifact, and what it came to. */
export function renderMaterialized(
  { elsewhere, home }: Selection,
  { fetched, objects, bytes }: Fetched,
  { output, dryRun }: { readonly output: Output; readonly dryRun: boolean },
): string {
  const { safe, paint, verbose } = output;
  if (elsewhere.length === 0) {
    return home === 0
      ? "Nothing is read elsewhere"
      : `Nothing to bring home: ${plural(home, "artifact")} not read elsewhere`;
  }
  const done = new Set(fetched);
  const own = elsewhere.filter(({ uid }) => done.has(uid));
  const shown = own.slice(0, verbose ? own.length : listedMax).map(({ key, uid, root }) => {
    const name = key === null ? safe(uid) : `${safe(key)} ${paint.dim(uid)}`;
    return `  ${paint.green("copied")} ${name} from ${safe(withoutPassword(root))}`;
  });
  const more = own.length - shown.length;
  const verb = dryRun ? "would be brought home" : "brought home";
  return [
    ...shown,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    `${plural(own.length, "artifact")} ${verb} (${plural(objects, "object")}, ${
      formatBytes(bytes)
    })`,
  ].join("\n");
}
