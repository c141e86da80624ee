import type { SourcePeer } from "../../source_peer.ts";
import type { PortableContent, PortableRow } from "../../rows/row_source.ts";
import type { Json, JsonObject } from "../json.ts";
import { encodeValue } from "../value.ts";

/** Rows, and of artifacts which bytes they have. */
export async function* rowLines(
  peer: SourcePeer,
  table: string,
  ids: readonly number[],
): AsyncGenerator<Json> {
  const lines = await peer.read(async ({ rows }) => {
    const contents = new Map<string, PortableContent>();
    if (table === "lamindb_artifact") {
      for await (const content of rows.contents(ids)) contents.set(content.identity, content);
    }
    const found: Json[] = [];
    for await (const row of rows.rows(table, ids)) {
      found.push(lineOf(row, contents.get(row.identity)));
    }
    return found;
  });
  yield* lines;
}

function lineOf({ id, values, references }: PortableRow, content?: PortableContent): JsonObject {
  return {
    id,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, encodeValue(value)]),
    ),
    references: { ...references },
    ...(content === undefined ? {} : { content: contentJson(content) }),
  };
}

function contentJson({ sha256, isFolder, files }: PortableContent): JsonObject {
  return { sha256, isFolder, files: files.map(({ path, size, sha256 }) => [path, size, sha256]) };
}
