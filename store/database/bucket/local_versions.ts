import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { ifThere } from "../../objects/if_there.ts";
import { join } from "../../path.ts";
import { isTemporaryName, removeLeftOvers, temporaryName } from "../../temporary_name.ts";
import { databaseName } from "./database_name.ts";
import type { VersionedBlobs } from "../../objects/versioned_blobs.ts";

/** How long a version that is not the newest is kept for one who is just opening it. */
const keptMs = 60_000;

const pieceBytes = 4 << 20;

/**
 * Copies of a database in a bucket, in a folder of this machine: one file a version, which never
 * changes once it has its name. So nobody who reads one is disturbed by a newer one.
 */
export class LocalVersions {
  constructor(private readonly host: Host, readonly folder: string) {}

  /** The file of a version, fetched unless it is here. Throws code "conflict" when it is gone. */
  async fetch(blobs: VersionedBlobs, { etag, size }: { etag: string; size: number }) {
    const { files } = this.host;
    const path = await this.pathOf(etag);
    if (files.stat(path)?.size === size) return path;
    files.makeDirectory(this.folder, { recursive: true });
    const temporary = this.temporary();
    try {
      await this.#download(blobs, etag, size, temporary);
      files.rename(temporary, path);
    } finally {
      this.remove(temporary);
    }
    this.#tidy(path);
    return path;
  }

  /** Takes a file of this folder, from now on unchanged, as the one of a version. */
  async adopt(temporary: string, etag: string): Promise<string> {
    const path = await this.pathOf(etag);
    this.host.files.rename(temporary, path);
    this.#tidy(path);
    return path;
  }

  async pathOf(etag: string): Promise<string> {
    const digest = (await this.host.hashing()).digest("sha256", new TextEncoder().encode(etag));
    return join(this.folder, `${digest.toHex().slice(0, 32)}.db`);
  }

  /** A name for a file that is to become a version, or none. */
  temporary(): string {
    return join(this.folder, temporaryName(this.host));
  }

  /** Removes a file with what SQLite puts beside it. */
  remove(path: string): void {
    for (const end of ["", "-wal", "-shm", "-journal"]) {
      ifThere(() => this.host.files.remove(path + end));
    }
  }

  async #download(
    blobs: VersionedBlobs,
    etag: string,
    size: number,
    path: string,
  ): Promise<void> {
    const reader = await blobs.openVersion(databaseName, etag);
    try {
      const file = this.host.files.open(path, { write: true, createNew: true });
      try {
        for (let offset = 0; offset < size;) {
          const bytes = await reader.read(offset, Math.min(pieceBytes, size - offset));
          if (bytes.length === 0) throw cutShort(offset, size);
          file.write(bytes);
          offset += bytes.length;
        }
      } finally {
        file.close();
      }
    } finally {
      reader.close();
    }
  }

  /** Removes old versions and what dead processes left. */
  #tidy(current: string): void {
    const { files } = this.host;
    removeLeftOvers(this.host, this.folder);
    const oldMs = this.host.now().getTime() - keptMs;
    for (const { name } of files.readDirectory(this.folder)) {
      const path = join(this.folder, name);
      if (path === current || !name.endsWith(".db") || isTemporaryName(name)) continue;
      const stat = files.lstat(path);
      if (stat !== null && stat.changedMs < oldMs) this.remove(path);
    }
  }
}

function cutShort(offset: number, size: number): LaminError {
  return new LaminError("failed", `the database in the bucket ended after ${offset} bytes`, {
    hint: `it should have ${size}: run the command again`,
    data: { offset, size },
  });
}
