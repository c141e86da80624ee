import type { Reader } from "../../store/database/database.ts";
import { relativeTo } from "../../store/path.ts";
import { trashBranch } from "../version/branch_ids.ts";
import type { Instance } from "../instance/instance.ts";
import { branch } from "../registry/lamindb/branch.ts";

/**
 * The keys that `prefix` may become, at most `limit`, in their order; of those that lie in a folder
 * beyond the prefix only the folder, with its `/`. Inside the work tree a prefix counts from the
 * working directory first. One short query for each candidate, however many keys there are.
 */
export async function keysFrom(
  instance: Instance,
  reader: Reader,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const folder = relativeTo(instance.workTree.root, instance.host.workingDirectory());
  const above = folder === undefined || folder === "" ? "" : `${folder}/`;
  const found = await keysStarting(reader, above + prefix, limit);
  const near = found.map((key) => key.slice(above.length));
  const others = above === "" ? [] : await keysStarting(reader, prefix, limit - near.length);
  return [...new Set([...near, ...others])];
}

async function keysStarting(reader: Reader, prefix: string, limit: number): Promise<string[]> {
  const starts = reader.dialect.startsWith("key", prefix);
  const found = new Set<string>();
  let after: string | undefined;
  while (found.size < limit) {
    // Of two lower bounds SQLite takes the first: with the other one it would begin at the prefix
    // every time, and pass over all that was found.
    const beyond = after === undefined ? [] : [after];
    const row: { key: string } | undefined = await reader.first(
      `SELECT key FROM lamindb_artifact
       WHERE ${
        beyond.map(() => `key ${reader.dialect.textSigns[">"]} ? AND `).join("")
      }${starts.sql} AND branch_id <> ?
         AND (kind IS NULL OR kind NOT LIKE '\\_\\_lamindb%' ESCAPE '\\')
       ORDER BY ${reader.dialect.textOrder("key")} LIMIT 1`,
      [...beyond, ...starts.parameters, trashBranch],
    );
    if (row === undefined) break;
    const slash = row.key.indexOf("/", prefix.length);
    const candidate = slash < 0 ? row.key : row.key.slice(0, slash + 1);
    if (found.has(candidate)) break; // an engine that orders by other rules
    found.add(candidate);
    // Everything below a folder starts with it, so nothing of it is greater than this.
    after = slash < 0 ? candidate : `${candidate}\u{10FFFF}`;
  }
  return [...found];
}

/** Names of branches that start with `prefix`, whatever the case. */
export async function branchesFrom(reader: Reader, prefix: string): Promise<string[]> {
  const rows = await reader.select(branch, `TRUE ORDER BY ${reader.dialect.textOrder("name")}`);
  const start = prefix.toLowerCase();
  return rows.map((row) => row.name).filter((name) => name.toLowerCase().startsWith(start));
}
