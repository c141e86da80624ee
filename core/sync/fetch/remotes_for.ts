import type { Instance } from "../../instance/instance.ts";
import { type Remote, remotesOf, usualRemote } from "../remote/remotes.ts";
import type { ToFetch } from "./select.ts";

/** Artifacts, and the remote whose instance is asked for their bytes. */
export interface FromRemote {
  readonly remote: Remote;
  readonly uids: readonly string[];
}

/**
 * Which remotes are asked for the bytes of artifacts: the named one for all of them; else the one
 * that they came from, or the usual one where that name is not known any more. What the rows say is
 * a name alone: it never leads to a place that the user did not name.
 *
 * Throws code "not_found" or "usage".
 */
export function remotesFor(
  instance: Instance,
  toFetch: readonly ToFetch[],
  named: Remote | undefined,
): FromRemote[] {
  const known = remotesOf(instance);
  const byName = (name: string) => known.find((remote) => remote.name === name);
  if (named !== undefined) {
    return [{ remote: named, uids: toFetch.map(({ uid }) => uid) }];
  }
  const groups = new Map<string, { remote: Remote; uids: string[] }>();
  for (const [name, own] of Map.groupBy(toFetch, ({ remote }) => remote)) {
    const remote = byName(name) ?? usualRemote(instance);
    const uids = own.map(({ uid }) => uid);
    const group = groups.get(remote.name);
    if (group === undefined) groups.set(remote.name, { remote, uids });
    else group.uids.push(...uids);
  }
  return [...groups.values()];
}
