import type { SourcePeer } from "../../source_peer.ts";
import type { PortableContent, PortableRow } from "../../rows/row_source.ts";
import type { Json, JsonObject } from "../json.ts";
import { encodeValue } from "../value.ts";
import { handedOver } from "./handed_over.ts";

/** Rows that are read together, with the lists of the files of those that are folders. */
const readTogether = 100;

/** Rows, and of artifacts which bytes they have; what was not taken yet is not read. */
export async function* rowLines(
  peer: SourcePeer,
  table: string,
  ids: readonly number[],
): AsyncGenerator<Json> {
  yield* handedOver<Json>((give) =>
    peer.read(async ({ rows }) => {
      for (let start = 0; start < ids.length; start += readTogether) {
        const some = ids.slice(start, start + readTogether);
        const contents = new Map<string, PortableContent>();
        if (table === "lamindb_artifact") {
          for await (const content of rows.contents(some)) contents.set(content.identity, content);
        }
        for await (const row of rows.rows(table, some)) {
          await give(lineOf(row, contents.get(row.identity)));
        }
      }
    })
  );
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
