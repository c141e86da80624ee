import { LaminError } from "../../store/errors.ts";
import { relativeTo, resolve } from "../../store/path.ts";
import { add, type AddResult } from "../artifact/add/add.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { resolveArtifacts } from "../reference/resolve.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { presentAt } from "../work_tree/present.ts";
import type { RecordedFile } from "./recorded_command.ts";

/** An artifact that a run reads. */
export interface RunInput extends RecordedFile {
  readonly id: number;
}

/** What stands at a path: versions that record it as it is, and files that none does. */
export interface FoundInputs {
  readonly inputs: readonly RunInput[];
  /** Names of what is not recorded as it is now. */
  readonly unrecorded: readonly string[];
}

/**
 * The artifacts that a word names which says what a command reads: those whose content a file or
 * folder has now, of older versions too, else what the word refers to. Throws code "conflict" for a
 * file that differs from every recorded version: the record would not tell the truth.
 */
export async function declaredInputs(
  instance: Instance,
  word: string,
  branchId: number,
): Promise<readonly RunInput[]> {
  const path = resolve(instance.host.workingDirectory(), word);
  if (presentAt(instance.host, path, "follow") === null) return await referredTo(instance, word);
  const { inputs, unrecorded } = await recordedAt(instance, word, branchId);
  const [first] = unrecorded;
  if (first === undefined) return inputs;
  const others = unrecorded.length > 1 ? ` and ${unrecorded.length - 1} others` : "";
  throw new LaminError("conflict", `${first}${others} differs from every recorded version`, {
    hint: `record it first: 'lamin add ${word}'`,
    data: { paths: unrecorded.slice(0, 20) },
  });
}

/** What is recorded of the file or folder at a path, and what is not. */
export async function recordedAt(
  instance: Instance,
  word: string,
  branchId: number,
): Promise<FoundInputs> {
  const result = await add(instance, {
    operation: { verb: "run", command: [] },
    paths: [word],
    allowKeyless: true,
    folders: "by name",
    annotations: { branchId },
    mode: "copy",
    dryRun: true,
  });
  const path = resolve(instance.host.workingDirectory(), word);
  const name = relativeTo(instance.workTree.root, path) ?? path;
  const isOne = result.unchanged.length + result.added.length === 1;
  const nameOf = (key: string | null) => isOne || key === null ? name : key;
  const { same, other } = planned(result);
  const elsewhere = await withSameHash(instance, other.map(({ draft }) => draft));
  const unrecorded = [
    ...other.filter(({ draft }) => !elsewhere.has(draft)).map(({ draft }) => nameOf(draft.key)),
    ...result.refused.map((refused) => refused.path),
  ];
  const rows = await rowsById(instance, [...result.unchanged, ...same]);
  return {
    inputs: [
      ...rows.map(({ id, uid, key }) => ({ id, uid, path: nameOf(key) })),
      ...[...elsewhere].map(([draft, { id, uid }]) => ({ id, uid, path: nameOf(draft.key) })),
    ],
    unrecorded,
  };
}

/** Ids of artifacts that have the content under the key, and drafts of what is not there. */
function planned({ added }: AddResult) {
  const same: number[] = [];
  const other: { draft: ArtifactRow }[] = [];
  for (const { kind, id, draft } of added) {
    const isRecorded = kind === "unchanged" || kind === "updated" || kind === "returned";
    if (isRecorded && id !== undefined) same.push(id);
    else other.push({ draft: draft! });
  }
  return { same, other };
}

/** The newest artifacts that have the same content under another name, as a copy of theirs has. */
async function withSameHash(
  instance: Instance,
  drafts: readonly ArtifactRow[],
): Promise<ReadonlyMap<ArtifactRow, ArtifactRow>> {
  const found = new Map<ArtifactRow, ArtifactRow>();
  const hashes = drafts.flatMap(({ hash }) => hash === null ? [] : [hash]);
  if (hashes.length === 0) return found;
  const rows = await instance.database.read((reader) => {
    const list = reader.dialect.valuesOf([...new Set(hashes)]);
    return reader.select(
      artifact,
      `hash ${reader.dialect.among(list.sql)} AND branch_id <> ${trashBranch} ORDER BY id`,
      list.parameters,
    );
  });
  for (const draft of drafts) {
    const same = rows.findLast((row) =>
      row.hash === draft.hash && row._hash_type === draft._hash_type && row.size === draft.size
    );
    if (same !== undefined) found.set(draft, same);
  }
  return found;
}

async function rowsById(instance: Instance, ids: readonly number[]): Promise<ArtifactRow[]> {
  if (ids.length === 0) return [];
  return await instance.database.read((reader) => {
    const list = reader.dialect.valuesOf(ids);
    return reader.select(artifact, `id IN (${list.sql}) ORDER BY id`, list.parameters);
  });
}

async function referredTo(instance: Instance, word: string): Promise<RunInput[]> {
  const rows = await instance.database.read((reader) => resolveArtifacts(instance, reader, word));
  return rows.map(({ id, uid, key }) => ({ id, uid, path: key ?? uid }));
}
