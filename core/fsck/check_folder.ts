import type { Host } from "../../store/host/host.ts";
import type { Hashing } from "../../store/host/host.ts";
import { folderFiles } from "../artifact/add/folder_files.ts";
import { folderHashType, hashFolder } from "../identity/hash.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../identity/manifest.ts";
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
  host: Host,
  hashing: Hashing,
  expectation: Expectation,
  hasher: BlobHasher | undefined,
): Promise<{ findings: Finding[]; content?: FoundContent }> {
  const { row, blobs, name } = expectation;
  const damage = (kind: Finding["kind"], detail: string) => ({
    findings: [artifactFinding(row, name, { severity: "damage", kind, detail })],
  });
  const path = blobs.locate(name);
  if (path === undefined || host.files.stat(path)?.kind !== "directory") {
    return damage("missing", "its folder is missing");
  }
  try {
    const files = folderFiles(host, path);
    const size = files.reduce((sum, { stat }) => sum + stat.size, 0);
    if (files.length !== row.n_files || (row.size !== null && size !== row.size)) {
      const detail = `it has ${files.length} files of ${size} bytes instead of ` +
        `${row.n_files} of ${row.size}`;
      return damage("wrong size", detail);
    }
    if (hasher === undefined) return { findings: [] };
    return await readListedFolder(hashing, expectation, files.map((file) => file.path), hasher);
  } catch (error) {
    const { kind, detail } = unreadable(error);
    return damage(kind, detail);
  }
}

async function readListedFolder(
  hashing: Hashing,
  expectation: Expectation,
  paths: readonly string[],
  hasher: BlobHasher,
): Promise<{ findings: Finding[]; content?: FoundContent }> {
  const { row, blobs, name, content } = expectation;
  const manifest: ManifestFile[] = [];
  const hashes: string[] = [];
  for (const path of paths) {
    const member = `${name}/${path}`;
    const { sha256, hash } = await hasher.hash(blobs, member, true);
    manifest.push({ path, size: (await blobs.sizes([member])).get(member) ?? 0, sha256 });
    hashes.push(hash!);
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
