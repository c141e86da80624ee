import { type Lease, leasesOf, releaseLeases } from "../core/sync/lease/leases.ts";
import type { Context } from "./context.ts";
import type { JsonObject, Output } from "./output.ts";
import { leasedText } from "./render/leased.ts";
import { momentText } from "./render/moment.ts";

/** What `--json` prints of a lease. */
const fields = ["uid", "reader", "place", "contents", "awaited", "since"];

/** Lists who reads what lies here, or forgets the one that is named. */
export async function leases(context: Context, released: string | undefined): Promise<void> {
  const { output } = context;
  output.requireFields(fields);
  const instance = await context.instance({ readOnly: released === undefined });
  const found = released === undefined
    ? await instance.database.read(leasesOf)
    : await releaseLeases(instance, released);
  output.results(found.map(leaseJson), () => {
    if (found.length === 0) return output.paint.dim("nobody reads here, as far as is known");
    if (released === undefined) return found.map((lease) => leaseLine(lease, output)).join("\n");
    return `nothing is kept for ${output.safe(found[0]!.reader)} any more`;
  });
}

/** One for people. */
function leaseLine({ reader, place, since, ...lease }: Lease, output: Output): string {
  const { bold, dim } = output.paint;
  const what = leasedText(lease);
  const name = bold(output.safe(reader));
  return `${name}  ${what}  ${output.safe(place)}  ${dim(`since ${momentText(since)}`)}`;
}

function leaseJson({ uid, reader, place, contents, awaited, since }: Lease): JsonObject {
  return { uid, reader, place, contents: contents ?? null, awaited, since };
}
