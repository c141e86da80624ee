import { checkedFiles } from "../../artifact/checked_files.ts";
import { contentFiles, verifiedBytes } from "../../artifact/open_content.ts";
import type { Instance } from "../../instance/instance.ts";
import { LogRedactor } from "../../run/redact.ts";
import type { Provenance } from "../provenance.ts";
import type { Layout } from "./layout.ts";
import { crateMetadata, type CrateRequest, metadataName } from "./metadata.ts";

/** A file of a crate and its bytes, which are read when they are asked for. */
export interface CrateFile {
  readonly path: string;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/**
 * The files of a crate: the contents of artifacts, each checked while it is read, the source code,
 * and last the description; without secrets, as far as they can be told. Throws as `verifiedBytes`.
 */
export async function* crateContents(
  instance: Instance,
  provenance: Provenance,
  layout: Layout,
  request: CrateRequest,
): AsyncGenerator<CrateFile> {
  const sizes = new Map<string, number>();
  for (const { artifact: { row }, path, isRunFile } of layout.artifacts.values()) {
    if (path === undefined) continue;
    const files = await checkedFiles(instance, row, await contentFiles(instance, row));
    for (const file of files) {
      const bytes = () => verifiedBytes(instance, row, file);
      const place = file.path === "" ? path : `${path}/${file.path}`;
      yield { path: place, bytes: isRunFile ? () => redacted(place, bytes(), sizes) : bytes };
    }
  }
  for (const { transform, path } of layout.transforms.values()) {
    if (path !== undefined) yield textFile(path, transform.row.source_code ?? "");
  }
  const metadata = crateMetadata(provenance, layout, request, sizes);
  yield textFile(metadataName, `${JSON.stringify(metadata, null, 2)}\n`);
}

/** A log may have been recorded by others, who left secrets in it. */
async function* redacted(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  sizes: Map<string, number>,
): AsyncGenerator<Uint8Array> {
  const redactor = new LogRedactor();
  let size = 0;
  for await (const piece of pieces) {
    const bytes = redactor.feed(piece);
    size += bytes.length;
    yield bytes;
  }
  const rest = redactor.end();
  sizes.set(path, size + rest.length);
  yield rest;
}

function textFile(path: string, text: string): CrateFile {
  return {
    path,
    async *bytes() {
      yield new TextEncoder().encode(text);
    },
  };
}
