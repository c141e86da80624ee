import assert from "node:assert/strict";
import type { Source } from "../../../core/format/format.ts";
import { fileSource, memorySource } from "../../../core/format/source.ts";
import { denoHost } from "../../../store/host/deno.ts";

const { files } = denoHost();

/** Larger than what a file source reads at a time. */
const content = Uint8Array.from({ length: 2_500_000 }, (_, index) => index % 251);

async function withFile(work: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeFileSync(`${folder}/file`, content);
    await work(`${folder}/file`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function streamed(source: Source): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.stream()) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}

async function conforms(source: Source): Promise<void> {
  assert.equal(source.size, content.length);
  assert.deepEqual(await streamed(source), content);
  assert.deepEqual(await streamed(source), content, "a second time");
  for (const [offset, length] of [[0, 0], [0, 10], [1_000_003, 77], [content.length, 0]] as const) {
    assert.deepEqual(
      new Uint8Array(await source.read(offset, length)),
      content.slice(offset, offset + length),
    );
  }
  for (const [offset, length] of [[content.length, 1], [-1, 2], [0, 2 ** 40], [0, -1], [0.5, 1]]) {
    await assert.rejects(source.read(offset!, length!), { name: "LaminError", code: "failed" });
  }
}

Deno.test("a source over memory reads ranges and streams", async () => {
  await conforms(memorySource("x", content));
  assert.equal(memorySource("x", content, "ab").sha256, "ab");
});

Deno.test("a source over a file reads ranges and streams", async () => {
  await withFile(async (path) => {
    await conforms(fileSource(files, path));
    const source = fileSource(files, path, { name: "data/x.csv", sha256: "ab" });
    assert.equal(source.name, "data/x.csv");
    assert.equal(source.sha256, "ab");
  });
});

Deno.test("a file that became shorter is an error, not other bytes", async () => {
  await withFile(async (path) => {
    const source = fileSource(files, path);
    Deno.truncateSync(path, 1000);
    await assert.rejects(source.read(500, 1000), { name: "LaminError", code: "failed" });
    await assert.rejects(streamed(source), { name: "LaminError", code: "failed" });
  });
});

Deno.test("what is no file is no source", async () => {
  await withFile((path) => {
    assert.throws(() => fileSource(files, `${path}-not`), { code: "not_found" });
    assert.throws(() => fileSource(files, path.slice(0, -5)), { code: "not_found" });
    return Promise.resolve();
  });
});
