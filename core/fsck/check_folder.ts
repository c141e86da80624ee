import type { Hashing } from "../../store/host/host.ts";
import { folderFiles } from "../artifact/add/folder_files.ts";
import { listedElsewhere } from "../artifact/content_files.ts";
import { folderHashType, hashFolder } from "../identity/hash.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import type { BlobHasher } from "./blob_hash.ts";
import { faultFinding, hashFault, hashOrFault, sizeFault, unreadable } from "./check_file.ts";
import type { Expectation } from "./expectation.ts";
import { artifactFinding, type Finding, type FoundContent, type WantedFile } from "./finding.ts";

/** Compares a folder with the list of its files; `hasher` only when bytes are to be read. */
export async function checkFolder(
  expectation: Expectation,
  files: readonly ManifestFile[],
  hasher: BlobHasher | undefined,
): Promise<Finding[]> {
  const { row, blobs, name, isStored } = expectation;
  const present = new Map<string, number>();
  for await (const entry of blobs.list(`${name}/`)) present.set(entry.name, entry.size);
  const wanted = files.map(({ path, size, sha256 }): WantedFile => ({
    name: `${name}/${path}`,
    size,
    sha256,
    hash: undefined,
    isWholeHash: false,
    workPath: row.key === null ? null : `${row.key}/${path}`,
  }));
  if (present.size === 0) {
    const mend = { do: "restore", storageId: row.storage_id, files: wanted } as const;
    const detail = `all its ${wanted.length} files are missing`;
    const about = { severity: "damage", kind: "missing", detail } as const;
    return [artifactFinding(row, name, isStored ? { ...about, mend } : about)];
  }
  const findings: Finding[] = [];
  for (const file of wanted) {
    const fault = sizeFault(file, present.get(file.name)) ??
      await readFault(expectation, file, hasher);
    if (fault !== undefined) findings.push(faultFinding(expectation, file, fault));
    present.delete(file.name);
  }
  for (const extra of present.keys()) findings.push(extraFile(expectation, extra));
  return findings;
}

async function readFault(
  expectation: Expectation,
  file: WantedFile,
  hasher: BlobHasher | undefined,
) {
  if (hasher === undefined) return undefined;
  const found = await hashOrFault(hasher, expectation, file.name, false);
  return "kind" in found ? found : hashFault(file, expectation, found);
}

/** A file that the artifact does not have. In place it is the user's own affair. */
function extraFile({ row, isStored }: Expectation, name: string): Finding {
  const detail = "it lies in the artifact's folder and is no part of it";
  if (!isStored) {
    return artifactFinding(row, name, { severity: "note", kind: "extra file", detail });
  }
  const mend = { do: "set aside", storageId: row.storage_id, name } as const;
  return artifactFinding(row, name, { severity: "damage", kind: "extra file", detail, mend });
}

/**
 * Looks at a folder whose files are known only by number, size and LaminDB's hash of them. Read
 * with `hasher`, its content is told when it is the right one.
 */
export async function checkListedFolder(
  instance: Instance,
  hashing: Hashing,
  expectation: Expectation,
  hasher: BlobHasher | undefined,
): Promise<{ findings: Finding[]; content?: FoundContent }> {
  const { row, name } = expectation;
  const damage = (kind: Finding["kind"], detail: string) => ({
    findings: [artifactFinding(row, name, { severity: "damage", kind, detail })],
  });
  try {
    const files = await filesIn(instance, expectation);
    if (files === undefined) return damage("missing", "its folder is missing");
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length !== row.n_files || (row.size !== null && size !== row.size)) {
      const detail = `it has ${files.length} files of ${size} bytes instead of ` +
        `${row.n_files} of ${row.size}`;
      return damage("wrong size", detail);
    }
    if (hasher === undefined) return { findings: [] };
    return await readListedFolder(hashing, expectation, files, hasher);
  } catch (error) {
    const { kind, detail } = unreadable(error);
    return damage(kind, detail);
  }
}

interface FileInFolder {
  readonly path: string;
  readonly size: number;
  /** What LaminDB takes for the hash of a file on a server. */
  readonly cloudHash: string | undefined;
}

/** The files of a folder in the order of their paths; undefined where there is none. */
async function filesIn(
  instance: Instance,
  { row, blobs, name }: Expectation,
): Promise<FileInFolder[] | undefined> {
  const path = blobs.locate(name);
  if (path !== undefined) {
    if (instance.host.files.stat(path)?.kind !== "directory") return undefined;
    return folderFiles(instance.host, path)
      .map(({ path, stat }) => ({ path, size: stat.size, cloudHash: undefined }));
  }
  const files = await listedElsewhere(instance, row, name);
  return files.length === 0
    ? undefined
    : files.map(({ path, size, hash }) => ({ path, size: size!, cloudHash: hash }));
}

async function readListedFolder(
  hashing: Hashing,
  expectation: Expectation,
  files: readonly FileInFolder[],
  hasher: BlobHasher,
): Promise<{ findings: Finding[]; content?: FoundContent }> {
  const { row, blobs, name, content } = expectation;
  const manifest: ManifestFile[] = [];
  const hashes: string[] = [];
  for (const { path, size, cloudHash } of files) {
    const { sha256, hash } = await hasher.hash(blobs, `${name}/${path}`, true);
    manifest.push({ path, size, sha256 });
    hashes.push(cloudHash ?? hash!);
  }
  const sha256 = manifestSha256(hashing, formatManifest(manifest));
  const hash = hashFolder(hashing, hashes);
  const wanted = content.kind === "listed folder" ? content.sha256 : undefined;
  const isRight = (wanted === undefined || wanted === sha256) &&
    (row._hash_type !== folderHashType || row.hash === null || row.hash === hash);
  if (isRight) return { findings: [], content: { row, sha256, manifest } };
  const detail = "the hash of its files together is another one";
  const about = { severity: "damage", kind: "damaged", detail } as const;
  return { findings: [artifactFinding(row, name, about)] };
}
