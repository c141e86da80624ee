import { checkedFiles } from "../../artifact/checked_files.ts";
import { contentFiles, verifiedBytes } from "../../artifact/open_content.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Provenance } from "../provenance.ts";
import type { Layout } from "./layout.ts";
import { type CrateRequest, crateMetadata, metadataName } from "./metadata.ts";

/** A file of a crate and its bytes, which are read when they are asked for. */
export interface CrateFile {
  readonly path: string;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/**
 * The files of a crate: the contents of artifacts, each checked while it is read, the source code,
 * and last the description. Throws as `verifiedBytes` does.
 */
export async function* crateContents(
  instance: Instance,
  provenance: Provenance,
  layout: Layout,
  request: CrateRequest,
): AsyncGenerator<CrateFile> {
  for (const { artifact: { row }, path } of layout.artifacts.values()) {
    if (path === undefined) continue;
    const files = await checkedFiles(instance, row, await contentFiles(instance, row));
    for (const file of files) {
      yield {
        path: file.path === "" ? path : `${path}/${file.path}`,
        bytes: () => verifiedBytes(instance, row, file),
      };
    }
  }
  for (const { transform, path } of layout.transforms.values()) {
    if (path !== undefined) yield textFile(path, transform.row.source_code ?? "");
  }
  const metadata = crateMetadata(provenance, layout, request);
  yield textFile(metadataName, `${JSON.stringify(metadata, null, 2)}\n`);
}

function textFile(path: string, text: string): CrateFile {
  return {
    path,
    async *bytes() {
      yield new TextEncoder().encode(text);
    },
  };
}
