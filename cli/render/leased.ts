import type { Lease } from "../../core/sync/lease/leases.ts";
import { plural } from "./quantity.ts";

/** What is kept for a reader. */
export function leasedText({ contents, awaited }: Pick<Lease, "contents" | "awaited">): string {
  const parts = [
    ...(contents === undefined ? ["all contents"] : []),
    ...(contents !== undefined && contents > 0 ? [plural(contents, "content")] : []),
    ...(awaited > 0 ? [`${plural(awaited, "content")} not fetched yet`] : []),
  ];
  return parts.join(", ");
}
