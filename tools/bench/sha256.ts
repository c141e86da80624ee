import { createHash } from "node:crypto";

/** The SHA-256 of a file's bytes in hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  using file = await Deno.open(path);
  const hash = createHash("sha256");
  const piece = new Uint8Array(1 << 20);
  for (let count = file.readSync(piece); count !== null; count = file.readSync(piece)) {
    hash.update(piece.subarray(0, count));
  }
  return hash.digest("hex");
}

/** The SHA-256 of all files below a folder, or of one file; links are followed. */
export async function hashesBelow(path: string): Promise<string[]> {
  const { isDirectory } = await Deno.stat(path);
  if (!isDirectory) return [await sha256OfFile(path)];
  const hashes: string[] = [];
  for await (const { name } of Deno.readDir(path)) {
    hashes.push(...await hashesBelow(`${path}/${name}`));
  }
  return hashes;
}
