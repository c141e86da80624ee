import { createHash } from "node:crypto";

/** Something on a disk as it is, or would be after a power loss; paths are below a base folder. */
export interface Item {
  readonly path: string;
  readonly kind: "file" | "folder";
  readonly mode: number;
  readonly modified: Date | null;
  readonly bytes?: Uint8Array;
  /** Path of an item before this one that is the same file. */
  readonly sameAs?: string;
}

/** Everything below a base folder, folders before what is in them. */
export type DiskState = readonly Item[];

/** Makes the state real in a folder that is not there yet. */
export function writeState(state: DiskState, base: string): void {
  Deno.mkdirSync(base);
  for (const { path, kind, mode, modified, bytes, sameAs } of state) {
    const place = `${base}/${path}`;
    if (kind === "folder") {
      Deno.mkdirSync(place);
      Deno.chmodSync(place, mode & 0o7777);
    } else if (sameAs !== undefined) Deno.linkSync(`${base}/${sameAs}`, place);
    else {
      Deno.writeFileSync(place, bytes!);
      Deno.chmodSync(place, mode & 0o7777);
      if (modified !== null) Deno.utimeSync(place, modified, modified);
    }
  }
}

/** A text that two states share only when they are the same but for times. */
export function stateKey(state: DiskState): string {
  const hash = createHash("sha256");
  for (const { path, kind, mode, bytes, sameAs } of state) {
    // SQLite makes its shared memory anew when nobody else has the database open.
    if (path.endsWith("-shm")) continue;
    hash.update(`${kind} ${path}\0${mode} ${sameAs ?? ""} ${bytes?.length ?? ""}\0`);
    if (bytes !== undefined) hash.update(hashOf(bytes));
  }
  return hash.digest("hex");
}

const hashes = new WeakMap<Uint8Array, Uint8Array>();

function hashOf(bytes: Uint8Array): Uint8Array {
  const known = hashes.get(bytes) ?? createHash("sha256").update(bytes).digest();
  hashes.set(bytes, known);
  return known;
}
