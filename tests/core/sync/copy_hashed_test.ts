/** What is staged of a large file is what was hashed, and all of it. */

import { deepEqual, match, rejects } from "node:assert/strict";
import { copyHashed } from "../../../core/sync/contents/copy_hashed.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { Host } from "../../../store/host/host.ts";
import { nodeHost } from "../../../store/host/node.ts";
import { DiskBlobStore } from "../../../store/objects/disk.ts";
import { test } from "../../skip.ts";
import { ownPlaces } from "../../test_database.ts";
import { withPair } from "./pair.ts";

/** More than is copied at a time, and no multiple of it. */
const size = 5 * 1024 * 1024 + 17;

function noise(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let start = 0; start < size; start += 65_536) {
    crypto.getRandomValues(bytes.subarray(start, start + 65_536));
  }
  return bytes;
}

async function withFile(
  host: Host,
  work: (folder: string, bytes: Uint8Array, store: DiskBlobStore) => Promise<void>,
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  try {
    const bytes = noise();
    Deno.writeFileSync(`${folder}/from`, bytes);
    await work(folder, bytes, new DiskBlobStore(host, `${folder}/store`));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

const isObject = (path: string) => path.endsWith(".bin");

for (const [name, host] of [["Deno", denoHost()], ["node:", nodeHost()]] as const) {
  Deno.test(`a copy that is hashed as it is made has the same bytes, by ${name}`, async () => {
    await withFile(host, async (folder, bytes, store) => {
      const hashing = await host.hashing();
      const hasher = hashing.create("sha256");
      const file = host.files.open(`${folder}/from`, { read: true });
      const batch = store.batch();
      const staged = await copyHashed(batch, file, (piece) => hasher.update(piece));
      file.close();
      batch.name(staged, "to");
      await batch.publish();
      batch.discard();
      const expected = hashing.digest("sha256", bytes);
      deepEqual(hasher.digest(), expected);
      deepEqual(hashing.digest("sha256", Deno.readFileSync(`${folder}/store/to`)), expected);
    });
  });

  Deno.test(`a copy whose making fails is not staged, by ${name}`, async () => {
    await withFile(host, async (folder, _, store) => {
      const file = host.files.open(`${folder}/from`, { read: true });
      const batch = store.batch();
      let pieces = 0;
      const failing = copyHashed(batch, file, () => {
        if (++pieces === 3) throw new Error("as it should");
      });
      await rejects(failing, /as it should/);
      file.close();
      await batch.publish();
      deepEqual(filesBelow(folder).filter((path) => /\/\d+$/.test(path)), []);
      batch.discard();
    });
  });
}

test("a large object that is damaged at the source does not come", ownPlaces, async () => {
  await withPair({ source: "disk", target: "disk" }, async ({ source, target }) => {
    Deno.writeFileSync(`${source.root}/big.bin`, noise());
    await source.lamin("add", "big.bin");
    const [object] = filesBelow(`${source.root}/.lamindb`).filter(isObject);
    Deno.chmodSync(object!, 0o600);
    using file = Deno.openSync(object!, { write: true });
    file.seekSync(3 * 1024 * 1024, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(64));
    const said = await source.run("push", target.root);
    match(said.stderr + said.stdout, /damaged/);
    deepEqual(filesBelow(target.root).filter(isObject), []);
  });
});
