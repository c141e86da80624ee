import { currentHost } from "../../../store/host/select.ts";
import { DiskBlobStore } from "../../../store/objects/disk.ts";
import { openBlobStore } from "../../../store/objects/open_blob_store.ts";
import type { BlobStore } from "../../../store/objects/blob_store.ts";
import { blobReadingSuite } from "../../conformance/blob_suite.ts";
import { type FileServerManners, serveFiles } from "../../file_server.ts";

const host = await currentHost();

/** Written to on the disk, and read over http. */
function subjectOf(manners: FileServerManners) {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const server = serveFiles(`${folder}/served`, manners);
  const disk = new DiskBlobStore(host, `${folder}/served`);
  const http = openBlobStore(host, server.endpoint, { folder });
  const store: BlobStore = {
    kind: http.kind,
    sizes: (names) => http.sizes(names),
    entry: (name) => http.entry(name),
    open: (name) => http.open(name),
    list: (folder) => http.list(folder),
    entries: (folder) => http.entries(folder),
    remove: (names) => disk.remove(names),
    move: (from, to) => disk.move(from, to),
    locate: (name) => http.locate(name),
    batch: () => disk.batch(),
    unfinished: () => http.unfinished(),
  };
  return {
    store,
    other: store,
    file: () => {
      throw new Error("nothing is written from files here");
    },
    end: async () => {
      await server.end();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

blobReadingSuite("HTTP", () => subjectOf({}));
blobReadingSuite("HTTP without ranges", () => subjectOf({ hasNoRanges: true }));
blobReadingSuite("HTTP without HEAD", () => subjectOf({ hasNoHead: true }));
blobReadingSuite("HTTP with weak ETags", () => subjectOf({ isWeak: true }));
