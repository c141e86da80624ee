import type { Reader } from "../../../store/database/database.ts";
import type { BlobBatch } from "../../../store/objects/blob_store.ts";
import { base64url22 } from "../../identity/hash.ts";
import type { Instance } from "../../instance/instance.ts";
import { currentUserId } from "../../instance/user.ts";
import type { Changes } from "../../operation/changes.ts";
import { mutate } from "../../operation/mutate.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { laminContent, laminObject } from "../../side_tables.ts";
import { deletedUids } from "../../version/deleted_uids.ts";
import { adoptContents } from "../adopt.ts";
import type { Content } from "../content.ts";
import { highestArtifactId } from "../highest_id.ts";
import { unstoredAmong } from "../not_fetched.ts";
import { linkOutputs } from "../../run/link_data.ts";
import { type ArtifactRow, objectName, objectsFolder, storageKeyOf } from "../storage_key.ts";
import type { AddRequest } from "./add.ts";
import { alone } from "./alone.ts";
import { AddedAll } from "./added.ts";
import type { IngestMode } from "./ingest_file.ts";
import type { Prepared } from "./prepared.ts";
import type { PreparedPieces } from "./prepared_pieces.ts";
import { linkMade } from "./making_run.ts";
import { type Neighbours, neighboursOf } from "./neighbours.ts";
import { publish } from "./publish.ts";
import { type Recorded, Recorder } from "./record.ts";
import { missingFiles, restage } from "./restage.ts";
import type { Found, Refused } from "./source.ts";

/**
 * How many rows are kept as they were written: what another process makes of them just after is not
 * what was done here.
 */
export const rowsKeptMax = 1000;

type Contents = Map<number, Content>;

/** Decides about every source and writes nothing. */
export async function planAll(
  instance: Instance,
  request: AddRequest,
  prepared: PreparedPieces,
): Promise<AddedAll> {
  return await instance.database.read(async (reader) => {
    const added = new AddedAll();
    for (const some of prepared.pieces()) {
      const recorder = await recorderFor(instance, request, reader, some, 0, new Map());
      for (const one of recorder.plan(some)) added.push(one, { isPlanned: true });
    }
    return added;
  });
}

/** What a transaction did, and what was asked inside it before anything was written. */
export interface RecordedAll<T> {
  readonly added: AddedAll;
  readonly operation: string | undefined;
  readonly before: T | undefined;
  /** Sources whose files did not stay as they were until they were sent. */
  readonly refused: readonly Refused[];
}

/**
 * Stores what is needed and records all sources in one transaction. `before` is asked in it, under
 * the lock, before the first row is written. Stored bytes that vanished meanwhile are stored again;
 * throws code "conflict" when their source changed as well.
 */
export async function recordAll<T>(
  instance: Instance,
  request: AddRequest,
  batch: BlobBatch,
  all: PreparedPieces,
  found: Pick<Found, "unchanged" | "rewritten">,
  before: (reader: Reader) => Promise<T>,
): Promise<RecordedAll<T>> {
  const { run, within } = request;
  const known = await dropUnneeded(instance, request, batch, all);
  const { prepared, refused } = await publish(batch, all);
  if (prepared.length === 0 && within === undefined && found.rewritten.size === 0) {
    return { added: new AddedAll(), operation: undefined, before: undefined, refused };
  }
  prepared.forgetStaged();
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const asked = await before(changes.reader);
    const userId = await currentUserId(instance, changes);
    const added = new AddedAll();
    const isFirst = !prepared.hasKeyless && await highestArtifactId(changes.reader) === 0;
    await maybeWithoutIndexes(changes, prepared.length, { isFirst }, async () => {
      for (const some of prepared.pieces()) {
        instance.host.tidyMemory();
        const recorder = isFirst
          ? recorderAmong(instance, request, userId, alone)
          : await recorderFor(instance, request, changes.reader, some, userId, known);
        const recorded = await recorder.record(changes, some);
        if (request.mode !== "in place") await requireStored(instance, request.mode, recorded);
        if (run !== undefined) await linkMade(instance, changes, run, recorded);
        for (const one of recorded) {
          added.push(one, { isPlanned: false, keepsRow: added.length < rowsKeptMax });
        }
      }
    });
    if (run !== undefined) await linkOutputs(changes, run.id, [...found.rewritten]);
    const summary = await within?.(changes, added, [...found.unchanged]) ?? summaryOf(added);
    return { result: { added, before: asked }, summary };
  });
  return { ...result, operation, refused };
}

/** From so many new rows on it pays to make the indexes anew, if they at least double the table. */
export const rebuiltMin = 20_000;

/**
 * Does work that inserts `count` artifacts; where they are many, indexes are made afterwards. In an
 * instance without any, nothing needs to be found by its key.
 */
export async function maybeWithoutIndexes(
  { reader, writer }: Changes,
  count: number,
  { isFirst }: { readonly isFirst: boolean },
  work: () => Promise<void>,
): Promise<void> {
  if (count < rebuiltMin) return await work();
  if (count < await highestArtifactId(reader)) return await work();
  const tables = [artifact, laminContent, laminObject];
  const kept = ["artifact_id", "name", ...isFirst ? [] : ["key", "uid"]];
  await writer.withoutIndexes({ tables, kept, count }, work);
}

/**
 * Whether the artifact has its bytes in the object that is named after the content, in the storage
 * that new artifacts go to.
 */
function meansObject(
  { storage }: Instance,
  { row, prepared: { sha256, suffix } }: Recorded,
): boolean {
  return row.storage_id === storage.id && storageKeyOf(row) === objectName(sha256, suffix);
}

/**
 * Content that Python stored elsewhere, or that lies in place, needs no object of ours beside.
 * Gives the contents that were found out on the way, so that nothing is hashed twice.
 */
async function dropUnneeded(
  instance: Instance,
  request: AddRequest,
  batch: BlobBatch,
  prepared: PreparedPieces,
): Promise<Contents> {
  const known: Contents = new Map();
  if (!prepared.hasStaged) return known;
  await instance.database.read(async (reader) => {
    for (const all of prepared.pieces()) {
      instance.host.tidyMemory();
      const some = all.filter(({ staged }) => staged.length > 0);
      if (some.length === 0) continue;
      const stored = await storedElsewhere(instance, reader, some, request.annotations.revises);
      if (stored.length === 0) continue;
      const recorder = await recorderFor(instance, request, reader, stored, 0, known);
      for (const one of recorder.plan(stored)) {
        if (!meansObject(instance, one)) one.prepared.staged.forEach((blob) => batch.drop(blob));
      }
    }
  });
  return known;
}

/** Those of which some version may have its bytes elsewhere than in an object of this storage. */
async function storedElsewhere(
  instance: Instance,
  reader: Reader,
  prepared: readonly Prepared[],
  revises: unknown,
): Promise<readonly Prepared[]> {
  if (revises !== undefined) return prepared;
  const keys = prepared.flatMap(({ source }) => source.key === null ? [] : [source.key]);
  if (keys.length === 0) return prepared;
  const list = reader.dialect.valuesOf(keys);
  const rows = await reader.all<{ key: string }>(
    `SELECT key FROM lamindb_artifact WHERE key ${reader.dialect.among(list.sql)}
     AND (_real_key IS NULL OR _real_key NOT LIKE '${objectsFolder}/%' OR storage_id <> ?)`,
    [...list.parameters, instance.storage.id],
  );
  const elsewhere = new Set(rows.map(({ key }) => key));
  return prepared.filter(({ source }) => source.key === null || elsewhere.has(source.key));
}

/** `known` are contents that need no hashing (see `adoptContents`). */
async function recorderFor(
  instance: Instance,
  request: AddRequest,
  reader: Reader,
  prepared: readonly Prepared[],
  userId: number,
  known: Contents,
): Promise<Recorder> {
  const { annotations } = request;
  const rows = await neighboursOf(
    reader,
    instance.managedStorageIds,
    prepared,
    annotations.revises,
  );
  const hashes = new Set(prepared.map(({ hash }) => hash));
  const unstored = await unstoredAmong(instance, reader, rows);
  const contents = await adoptContents(instance, reader, rows, hashes, known);
  for (const row of rows) {
    if (unstored.has(row.id)) adoptUnfetched(contents, row, prepared);
  }
  const deleted = await deletedUids(reader, artifact, rows);
  const neighbours = { rows, contents, unstored, deletedUids: deleted };
  return recorderAmong(instance, request, userId, neighbours);
}

function recorderAmong(
  instance: Instance,
  { annotations, mode, run }: AddRequest,
  userId: number,
  neighbours: Neighbours,
): Recorder {
  return new Recorder(
    instance,
    {
      ...annotations,
      userId,
      inPlace: mode === "in place",
      ...(run === undefined ? {} : { runId: run.id }),
    },
    neighbours,
    (sha256) => base64url22(Uint8Array.fromHex(sha256)),
  );
}

/**
 * Nobody can hash bytes that did not come yet. Where LaminDB has an MD5 of all of them, that is
 * what they would be checked by, so it tells here as well.
 */
function adoptUnfetched(contents: Contents, row: ArtifactRow, prepared: readonly Prepared[]): void {
  if (contents.has(row.id) || row._hash_type !== "md5" || row.n_files !== null) return;
  const same = prepared.find(({ hash, hashType, size, manifest }) =>
    hashType === "md5" && hash === row.hash && size === row.size && manifest === undefined
  );
  if (same !== undefined) contents.set(row.id, { sha256: same.sha256, isFolder: false });
}

/**
 * Objects that were there already might have been collected since they were seen, or were left in
 * part by a process that died: they are stored again. Collecting happens under the write lock,
 * which is held now.
 */
async function requireStored(
  instance: Instance,
  mode: IngestMode,
  recorded: readonly Recorded[],
): Promise<void> {
  const prepared = recorded.filter((one) => meansObject(instance, one))
    .map((one) => one.prepared);
  const missing = await missingFiles(instance, prepared);
  if (missing.length > 0) await restage(instance, mode, missing);
}

/** What an operation that added artifacts is called in the log. */
export function summaryOf({ counts, changed, listed }: AddedAll): string {
  const [first] = listed;
  const name = changed.count === 1 ? `: ${first!.key ?? first!.uid}` : "";
  const word = (kind: string, count: number) =>
    kind === "new version" && count > 1 ? "new versions" : kind;
  const said = [...counts].filter(([kind]) => kind !== "unchanged")
    .map(([kind, count]) => `${count} ${word(kind, count)}`);
  return said.length === 0 ? "nothing new" : `${said.join(", ")}${name}`;
}
