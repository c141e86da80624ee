import { quote } from "../../store/database/sql.ts";
import type { Registry } from "../registry/registry.ts";
import { timeText } from "./cells.ts";
import { type DescribeScope, nameById } from "./scope.ts";
import { textBlock } from "./text_block.ts";
import type { Tree } from "./tree.ts";

/** The texts about a record (COMPAT §7.8): its newest readme and, on request, all comments. */
export async function notesTrees(
  scope: DescribeScope,
  registry: Registry,
  id: number,
  { comments }: { readonly comments: boolean },
): Promise<Tree[]> {
  const blocks = scope.registries.relation(registry, "ablocks");
  if (blocks?.kind !== "reverse") return [];
  const rows = await scope.reader.select(
    blocks.registry,
    `${quote(blocks.column)} = ? ORDER BY created_at, id`,
    [id],
  );
  const readmes = rows.filter(({ kind }) => kind === "readme");
  const readme = readmes.findLast(({ is_latest }) => is_latest) ?? readmes.at(-1);
  const trees = readme?.content ? [textBlock(String(readme.content), "Notes")] : [];
  if (!comments) return trees;
  for (const row of rows.filter(({ kind }) => kind === "comment")) {
    const handle = await nameById(scope, "lamindb_user", row.created_by_id) ?? "?";
    const title = `comment by ${handle} at ${timeText(row.created_at)}`;
    trees.push(textBlock(String(row.content), title));
  }
  return trees;
}
