import { LaminError } from "../../../store/errors.ts";
import type { BlobBatch } from "../../../store/objects/blob_store.ts";
import { relativeTo, resolve } from "../../../store/path.ts";
import type { IndexedFile } from "../../../store/work_index/indexed_file.ts";
import { type IndexedFiles, splitPath } from "../../../store/work_index/indexed_files.ts";
import { WorkIndex } from "../../../store/work_index/work_index.ts";
import { parseKey } from "../../identity/key.ts";
import { objectTypeOf } from "../../identity/object_type.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import type { OperationName } from "../../operation/mutate.ts";
import type { PassedOver } from "../../work_tree/walk.ts";
import { objectName } from "../storage_key.ts";
import { planAll, recordAll } from "./apply.ts";
import { requireSound } from "./check_request.ts";
import type { AddedAll } from "./added.ts";
import { hashStaged, heldBytesMax } from "./ingest_file.ts";
import { Preparer } from "./prepare.ts";
import type { Prepared } from "./prepared.ts";
import { PreparedPieces } from "./prepared_pieces.ts";
import { ReadBeside } from "./read_beside.ts";
import type { Annotations } from "./record.ts";
import { type Base, baseOf, settledAfter } from "./settle.ts";
import { settledFiles } from "./settled_files.ts";
import {
  collectSources,
  type Found,
  type Refused,
  type Source,
  type SourceRequest,
} from "./source.ts";
import { storedMembersOf } from "./stored_members.ts";

/** Everything that `lamin add` can be told. */
export interface AddRequest extends SourceRequest {
  readonly operation: OperationName;
  readonly annotations: Omit<Annotations, "userId" | "inPlace">;
  /** Where the bytes go: copied or linked into the store, or left where they lie. */
  readonly mode: "copy" | "link" | "in place";
  /** Bytes of a pipe, to be added under `key`. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  /** Writes more in the same transaction, which is there then also when nothing is new. */
  readonly within?: Within;
  /** Called with what is known so far of the amount of work, and with each piece done. */
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

/** Gets what was added and the ids of what was there; gives what the log is to say. */
export type Within = (
  changes: Changes,
  added: AddedAll,
  unchanged: readonly number[],
) => Promise<string>;

export interface AddResult {
  readonly added: AddedAll;
  /** Ids of artifacts that record their file as it is, found without a look at their rows. */
  readonly unchanged: readonly number[];
  readonly refused: readonly Refused[];
  readonly passedOver: readonly PassedOver[];
  /** Uid of the operation, if anything was changed. */
  readonly operation: string | undefined;
}

/**
 * Adds files and folders as artifacts: hashes them, stores what is new, and records all of them in
 * one transaction. Sources that cannot be read are refused by name while the others are added.
 *
 * Throws code "usage" when keys are missing or clash, "denied" or "schema_unknown" when the
 * instance must not be written.
 */
export async function add(instance: Instance, request: AddRequest): Promise<AddResult> {
  if (!request.dryRun) instance.requireWritable();
  requireSound(request);
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  const batch = instance.blobs.batch();
  try {
    const { result, read, before } = await addAll(instance, request, batch, index);
    if (request.dryRun) return result;
    const settled = await settledAfter(instance, request, before, result.added);
    await index.update({ files: read, ...(settled && { settled }) });
    return result;
  } finally {
    batch.discard();
    await index.close();
  }
}

/** What was done, and what the index is to learn of it. */
interface Done {
  readonly result: AddResult;
  /** Files that were read and that the index does not know yet. */
  readonly read: readonly IndexedFile[];
  readonly before: Base | undefined;
}

/** All but what the index is told afterwards: what was prepared is let go before that. */
async function addAll(
  instance: Instance,
  request: AddRequest,
  batch: BlobBatch,
  index: WorkIndex,
): Promise<Done> {
  const stamp = instance.database.stamp();
  const indexed = await index.load(foldersOf(instance, request));
  const settledBefore = settledFiles(instance, request, indexed, stamp);
  const settledId = settledBefore?.id;
  const found: Found = {
    unchanged: new Set(),
    rewritten: new Set(),
    refused: [],
    passedOver: [],
  };
  const ready = await prepareAll({ instance, request, batch, index, indexed, found, settledId });
  const { prepared } = ready;
  if (request.input !== undefined) {
    prepared.push(await preparePipe(instance, batch, request, request.input));
  }
  const told = {
    unchanged: [...found.unchanged],
    refused: [...found.refused, ...ready.refused],
    passedOver: found.passedOver,
  };
  if (request.dryRun) {
    const added = await planAll(instance, request, prepared);
    return { result: { ...told, added, operation: undefined }, read: [], before: undefined };
  }
  // Before the database changes: what is learnt holds for its state until then.
  const stored = settledBefore?.learnt();
  if (stored !== undefined) await index.update({ stored });
  const mark = indexed.mark && { ...indexed.mark, ...stored };
  const { added, operation, before, refused } = await recordAll(
    instance,
    request,
    batch,
    prepared,
    found,
    (reader) => baseOf(instance, reader, mark),
  );
  const result = { ...told, refused: [...told.refused, ...refused], added, operation };
  return { result, read: ready.indexed, before };
}

/** Folders of the work tree that the index is asked about; undefined for all. */
function foldersOf({ host, workTree }: Instance, { paths }: AddRequest): Set<string> | undefined {
  const folders = new Set<string>();
  for (const given of paths) {
    const path = resolve(host.workingDirectory(), given);
    const workPath = relativeTo(workTree.root, path);
    if (paths.length > filesAskedMax || host.files.stat(path)?.kind === "directory") {
      return undefined;
    }
    if (workPath !== undefined) folders.add(splitPath(workPath)[0]);
  }
  return folders;
}

/** With more files than this all of the index is read, which is not much more then. */
const filesAskedMax = 20;

interface PrepareTools {
  readonly instance: Instance;
  readonly request: AddRequest;
  readonly batch: BlobBatch;
  readonly index: WorkIndex;
  readonly indexed: IndexedFiles;
  readonly found: Found;
  readonly settledId: SourceRequest["settledId"];
}

async function prepareAll(tools: PrepareTools): Promise<Ready> {
  const { instance, request, batch, index, indexed, found, settledId } = tools;
  const asked = settledId === undefined ? request : { ...request, settledId };
  const isHashOnly = request.mode === "in place" || request.dryRun;
  const progress = (bytes: number, files: number) => request.onProgress?.(bytes, files);
  const options = { mode: isHashOnly ? "hash only" as const : request.mode, indexed, progress };
  let preparer: Preparer | undefined;
  const beside = new ReadBeside(instance.host);
  let bytes = 0;
  try {
    for await (const sources of collectSources(instance, asked, found)) {
      const isOnly = sources.length === 1 && preparer === undefined;
      if (request.annotations.revises !== undefined && !isOnly) throw tooMany();
      if (request.mode === "in place") refuseOutside(instance, sources);
      bytes += sources.reduce((sum, { stat }) => sum + stat.size, 0);
      request.onTotal?.(bytes);
      instance.host.tidyMemory();
      const to = preparer ??= new Preparer(
        instance,
        batch,
        options,
        await instance.host.hashing(),
      );
      // What a file has is true whatever becomes of the command: it need not be kept until the end.
      if (!request.dryRun) await index.update({ files: to.indexed.splice(0) });
      const known = {
        sizeIsKnown: await sizesKnown(instance, sources),
        storedMembers: await storedMembersOf(instance, sources),
      };
      await beside.next(sources, to.beforeReading, (ahead) => to.take(sources, known, ahead));
    }
    await beside.finish();
  } finally {
    await beside.close();
  }
  // Not itself, since it knows much that is of no use any more.
  const { prepared = new PreparedPieces(), refused = [], indexed: read = [] } = preparer ?? {};
  return { prepared, refused, indexed: read };
}

type Ready = Pick<Preparer, "prepared" | "refused" | "indexed">;

function tooMany(): LaminError {
  return new LaminError("usage", "a new version has one source, but there are several files", {
    hint: "name one file, or add '--as folder' to take a folder as one artifact",
  });
}

function refuseOutside(instance: Instance, sources: readonly Source[]): void {
  for (const { path } of sources) {
    if (relativeTo(instance.location.root, path) === undefined) {
      throw new LaminError("usage", `${path} lies outside the storage, so it cannot stay there`, {
        hint: "leave out --no-copy to copy it, or move it into the instance's folder",
      });
    }
  }
}

/** Answers whether an artifact of the size of a large file is known, asking the database once. */
async function sizesKnown(
  instance: Instance,
  sources: readonly Source[],
): Promise<(size: number) => boolean> {
  const sizes = sources.flatMap(({ stat }) => stat.size > heldBytesMax ? [stat.size] : []);
  if (sizes.length === 0) return () => false;
  const rows = await instance.database.read((reader) => {
    const list = reader.dialect.valuesOf([...new Set(sizes)]);
    return reader.all<{ size: number }>(
      `SELECT DISTINCT size FROM lamindb_artifact WHERE size IN (${list.sql})`,
      list.parameters,
    );
  });
  const known = new Set(rows.map((row) => row.size));
  return (size) => known.has(size);
}

/** Stores the bytes of a pipe; their size is known only when they end. */
async function preparePipe(
  instance: Instance,
  batch: BlobBatch,
  request: AddRequest,
  input: AsyncIterable<Uint8Array>,
): Promise<Prepared> {
  const key = parseKey(request.key!);
  const staged = batch.create();
  for await (const bytes of input) staged.write(bytes);
  staged.close();
  const hashing = await instance.host.hashing();
  const tools = { hashing, progress: (bytes: number) => request.onProgress?.(bytes, 0) };
  const content = await hashStaged(tools, staged);
  const { canonical: suffix } = suffixOf(key);
  if (request.dryRun) batch.drop(staged);
  const name = objectName(content.sha256, suffix);
  const isStored = (await instance.blobs.sizes([name])).get(name) === content.size;
  const isNew = !request.dryRun && !isStored && batch.name(staged, name);
  const source = { path: "-", workPath: undefined, key, isFolder: false };
  const otype = objectTypeOf(key, null);
  const kept = { staged: isNew ? [staged] : [], ...(isStored ? { spare: staged } : {}) };
  return { source, ...content, suffix, otype, manifest: undefined, ...kept };
}
