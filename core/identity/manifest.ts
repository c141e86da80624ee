import { LaminError } from "../../store/errors.ts";
import type { Hashing } from "../../store/host/host.ts";
import { hex } from "./hex.ts";
import { parseKey } from "./key.ts";

/** One file of a folder artifact. */
export interface ManifestFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Of the content, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * The canonical text of a folder: a line `<sha256> <size> <path>` for each file in the order of the
 * paths' UTF-16 units, whatever order the files are given in. No files give an empty text.
 *
 * @throws LaminError "usage" when a path cannot be part of a key or two files have the same one.
 */
export function formatManifest(files: readonly ManifestFile[]): string {
  const sorted = files.toSorted((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  const fault = manifestFault(sorted);
  if (fault !== null) throw new LaminError("usage", `The folder cannot be recorded: ${fault}.`);
  return sorted.map((file) => `${file.sha256} ${file.size} ${file.path}\n`).join("");
}

/** The identity of a folder: the SHA-256 of its manifest's text in UTF-8, 64 hexadecimal digits. */
export function manifestSha256(hashing: Hashing, manifestText: string): string {
  const hasher = hashing.create("sha256");
  hasher.update(new TextEncoder().encode(manifestText));
  return hex(hasher.digest());
}

const line = /^([0-9a-f]{64}) (0|[1-9][0-9]{0,15}) (.+)$/s;

/**
 * The files of a manifest, in its order. Only the text that {@link formatManifest} gives is taken.
 * Paths are safe as keys, not yet to write: see parseRelativePath.
 *
 * @throws LaminError "damaged" for every other text.
 */
export function parseManifest(text: string): ManifestFile[] {
  if (text === "") return [];
  if (!text.endsWith("\n")) throw damaged("its last line is not complete");
  const files = text.slice(0, -1).split("\n").map(parseLine);
  for (let index = 1; index < files.length; index++) {
    if (files[index - 1]!.path > files[index]!.path) throw damaged("its lines are not in order");
  }
  const fault = manifestFault(files);
  if (fault !== null) throw damaged(fault);
  return files;
}

function parseLine(text: string, index: number): ManifestFile {
  const [, sha256, size, path] = line.exec(text) ?? [];
  if (sha256 === undefined || size === undefined || path === undefined) {
    throw damaged(`line ${index + 1} is not a checksum, a size and a path`);
  }
  return { path, size: Number(size), sha256 };
}

function damaged(why: string): LaminError {
  return new LaminError("damaged", `The manifest of a folder is damaged: ${why}.`, {
    hint: "Run `lamin fsck`.",
  });
}

/** What is wrong with the files, which are sorted by path; null when nothing is. */
function manifestFault(files: readonly ManifestFile[]): string | null {
  const paths = new Set(files.map((file) => file.path));
  if (paths.size < files.length) return "two files have the same path";
  for (const { path, size } of files) {
    if (!Number.isSafeInteger(size) || size < 0) return "a size is not a whole number of bytes";
    const fault = pathFault(path, paths);
    if (fault !== null) return fault;
  }
  return null;
}

function pathFault(path: string, paths: ReadonlySet<string>): string | null {
  try {
    parseKey(path);
  } catch (error) {
    if (error instanceof LaminError) return `a path is wrong: ${error.message.replace(/\.$/, "")}`;
    throw error;
  }
  if (`/${path}/`.includes("//")) return "a path is absolute or has an empty segment";
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    if (paths.has(path.slice(0, slash))) return "a path is both a file and a folder";
  }
  return null;
}
