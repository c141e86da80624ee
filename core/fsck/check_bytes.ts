import type { Hashing } from "../../store/host/host.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import type { Instance } from "../instance/instance.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import type { BlobHasher } from "./blob_hash.ts";
import { checkFolder, checkListedFolder } from "./check_folder.ts";
import {
  type Fault,
  faultFinding,
  hashFault,
  hashOrFault,
  sizeFault,
  unreadable,
} from "./check_file.ts";
import type { Expectation } from "./expectation.ts";
import { artifactFinding, type Finding, type FoundContent, type WantedFile } from "./finding.ts";
import type { ServerSizes } from "./server_sizes.ts";

/** Which bytes are read, not only asked for their size. */
export interface ReadingRules {
  readonly hasher: BlobHasher;
  readonly reads: (expectation: Expectation) => boolean;
  readonly sizes: ServerSizes;
}

/** What looking at bytes gave. */
export interface BytesChecked {
  readonly findings: readonly Finding[];
  /** What artifacts have of which nothing valid was noted, and that were read and found right. */
  readonly contents: readonly FoundContent[];
  /** Ids of all artifacts that were read and found right. */
  readonly sound: ReadonlySet<number>;
}

/** Looks at the bytes of some artifacts. */
export async function checkBytes(
  instance: Instance,
  hashing: Hashing,
  expectations: readonly Expectation[],
  rules: ReadingRules,
): Promise<BytesChecked> {
  const findings: Finding[] = [];
  const contents: FoundContent[] = [];
  const sound = new Set<number>();
  const sizes = await sizesOf(expectations, rules.sizes);
  const look = async (expectation: Expectation) => {
    const hasher = rules.reads(expectation) ? rules.hasher : undefined;
    return await checkOne(instance, hashing, expectation, sizes.get(expectation), hasher);
  };
  const elsewhere = expectations.filter(({ blobs }) => !liesHere(blobs));
  const checkedElsewhere = await concurrently(elsewhere, requestsAtOnce, look);
  const known = new Map(elsewhere.map((one, index) => [one, checkedElsewhere[index]!]));
  for (const expectation of expectations) {
    const checked = known.get(expectation) ?? await look(expectation);
    findings.push(...checked.findings);
    const isSound = rules.reads(expectation) && checked.findings.length === 0;
    if (isSound) sound.add(expectation.row.id);
    if (checked.content !== undefined && expectation.isUnrecorded) contents.push(checked.content);
  }
  return { findings, contents, sound };
}

/** A fault of the disk where one artifact lies keeps no other from being looked at. */
async function checkOne(
  instance: Instance,
  hashing: Hashing,
  expectation: Expectation,
  size: number | Fault | undefined,
  hasher: BlobHasher | undefined,
): Promise<{ findings: readonly Finding[]; content?: FoundContent }> {
  try {
    return await lookAt(instance, hashing, expectation, size, hasher);
  } catch (error) {
    const { kind, detail } = unreadable(error);
    return {
      findings: [
        artifactFinding(expectation.row, expectation.name, { severity: "damage", kind, detail }),
      ],
    };
  }
}

async function lookAt(
  instance: Instance,
  hashing: Hashing,
  expectation: Expectation,
  size: number | Fault | undefined,
  hasher: BlobHasher | undefined,
): Promise<{ findings: readonly Finding[]; content?: FoundContent }> {
  const { content, row } = expectation;
  if (content.kind === "folder") {
    return { findings: await checkFolder(expectation, content.files, hasher) };
  }
  if (content.kind === "listed folder") {
    return await checkListedFolder(instance, hashing, expectation, hasher);
  }
  const checked = await checkFile(expectation, content.file, size, hasher);
  if (typeof checked === "object") return { findings: [checked] };
  if (checked === undefined) return { findings: [] };
  return { findings: [], content: { row, sha256: checked, manifest: undefined } };
}

/** Sizes of the files of artifacts that are one, or why they cannot be told. */
async function sizesOf(
  expectations: readonly Expectation[],
  serverSizes: ServerSizes,
): Promise<Map<Expectation, number | Fault>> {
  const files = expectations.filter(({ content }) => content.kind === "file");
  const found = new Map<Expectation, number | Fault>();
  for (const [blobs, own] of Map.groupBy(files, (expectation) => expectation.blobs)) {
    const sizes = await sizesByName(blobs, own.map(({ name }) => name), serverSizes);
    for (const expectation of own) {
      const size = sizes.get(expectation.name);
      if (size !== undefined) found.set(expectation, size);
    }
  }
  return found;
}

/** They are asked for together, and one by one only where that fails. */
async function sizesByName(
  blobs: BlobStore,
  names: readonly string[],
  serverSizes: ServerSizes,
): Promise<ReadonlyMap<string, number | Fault>> {
  try {
    return liesHere(blobs) ? await blobs.sizes(names) : await serverSizes.of(blobs, names);
  } catch (error) {
    // A server that does not answer would not answer for each either.
    if (!liesHere(blobs)) throw error;
    if (names.length === 1) return new Map([[names[0]!, unreadable(error)]]);
    const found = new Map<string, number | Fault>();
    for (const name of names) {
      for (const entry of await sizesByName(blobs, [name], serverSizes)) found.set(...entry);
    }
    return found;
  }
}

/** What is wrong with a file; its SHA-256 when it was read and is right. */
async function checkFile(
  expectation: Expectation,
  file: WantedFile,
  size: number | Fault | undefined,
  hasher: BlobHasher | undefined,
): Promise<Finding | string | undefined> {
  const fault = typeof size === "object" ? size : sizeFault(file, size);
  if (fault !== undefined) return faultFinding(expectation, file, fault);
  if (hasher === undefined) return undefined;
  const found = await hashOrFault(hasher, expectation, file.name, expectation.isUnrecorded);
  const readFault = "kind" in found ? found : hashFault(file, expectation, found);
  if (readFault !== undefined) return faultFinding(expectation, file, readFault);
  return (found as { sha256: string }).sha256;
}
