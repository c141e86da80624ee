import type { TransferRequest } from "../transfer.ts";
import { selectToFetch } from "../fetch/select.ts";
import type { ContentsPlan } from "./plan.ts";

/**
 * Uids of those artifacts among the chosen ones that came to the target without bytes some time
 * ago: their rows may be the same on both sides, and the bytes are wanted all the same.
 */
export async function awaitedUids(
  { source, target, choice }: Pick<TransferRequest, "source" | "target" | "choice">,
): Promise<readonly string[]> {
  const { toFetch } = await selectToFetch(target, "all");
  const uids = toFetch.map(({ uid }) => uid);
  if (uids.length === 0 || choice === undefined) return uids;
  const chosen = await source.read(async (state) => {
    const ids = (await state.select(choice)).get("lamindb_artifact") ?? [];
    return new Set(await state.rows.uids("lamindb_artifact", [...ids]));
  });
  return uids.filter((uid) => chosen.has(uid));
}

/** The plan without those that are awaited and that the source has not either: that is no news. */
export function withoutUnknown(plan: ContentsPlan, awaited: readonly string[]): ContentsPlan {
  const isAwaited = new Set(awaited);
  const lacking = plan.lacking.filter(({ uid, why }) =>
    !isAwaited.has(uid) || !["not_fetched", "not_found"].includes(why.code)
  );
  return { ...plan, lacking };
}
