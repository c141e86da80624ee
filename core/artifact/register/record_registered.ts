import type { Reader } from "../../../store/database/database.ts";
import { timestamp } from "../../../store/database/values.ts";
import { randomBase62 } from "../../identity/base62.ts";
import type { Instance } from "../../instance/instance.ts";
import { schemeOf } from "../../instance/remote_root.ts";
import { currentUserId } from "../../instance/user.ts";
import type { Changes } from "../../operation/changes.ts";
import { mutate } from "../../operation/mutate.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { storage } from "../../registry/lamindb/storage.ts";
import { deletedUids } from "../../version/deleted_uids.ts";
import { alone } from "../add/alone.ts";
import { AddedAll } from "../add/added.ts";
import { maybeWithoutIndexes, rowsKeptMax, summaryOf } from "../add/apply.ts";
import type { Prepared } from "../add/prepared.ts";
import type { PreparedPieces } from "../add/prepared_pieces.ts";
import { type Neighbours, neighboursOf } from "../add/neighbours.ts";
import { Recorder } from "../add/record.ts";
import { highestArtifactId } from "../highest_id.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { RegisterRequest } from "./register.ts";
import { storageTypes } from "./remote_place.ts";

/** What is to be registered in one storage. */
export interface StoragePieces {
  readonly root: string;
  /** Undefined where the storage is registered along. */
  readonly id: number | undefined;
  readonly prepared: PreparedPieces;
}

/** What stands for the content of a row. */
export type IdentityOf = (row: Pick<ArtifactRow, "hash" | "size">) => string;

/** No storage has it. */
const noStorage = -1;

/** Decides about everything and writes nothing. */
export async function planRegistered(
  instance: Instance,
  reader: Reader,
  request: RegisterRequest,
  storages: readonly StoragePieces[],
  identity: IdentityOf,
): Promise<AddedAll> {
  const added = new AddedAll();
  for (const { id = noStorage, prepared } of storages) {
    for (const some of prepared.pieces()) {
      const recorder = await recorderFor(instance, reader, request, { id, some, identity }, 0);
      for (const one of recorder.plan(some)) added.push(one, { isPlanned: true });
    }
  }
  return added;
}

/** Writes all rows as one operation. */
export async function recordRegistered(
  instance: Instance,
  request: RegisterRequest,
  storages: readonly StoragePieces[],
  identity: IdentityOf,
): Promise<{ added: AddedAll; operation: string | undefined }> {
  const total = storages.reduce((sum, { prepared }) => sum + prepared.length, 0);
  if (total === 0) return { added: new AddedAll(), operation: undefined };
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const userId = await currentUserId(instance, changes);
    const added = new AddedAll();
    const known = await countIn(changes.reader, storages);
    const isFirst = await highestArtifactId(changes.reader) === 0;
    await maybeWithoutIndexes(changes, total - known, { isFirst }, async () => {
      for (const { root, prepared } of storages) {
        const id = await storageId(instance, changes, root, userId);
        for (const some of prepared.pieces()) {
          instance.host.tidyMemory();
          const scope = { id, some, identity };
          const recorder = isFirst
            ? recorderAmong(instance, request, userId, id, alone)
            : await recorderFor(instance, changes.reader, request, scope, userId);
          for (const one of await recorder.record(changes, some)) {
            added.push(one, { isPlanned: false, keepsRow: added.length < rowsKeptMax });
          }
        }
      }
    });
    return { result: added, summary: summaryOf(added) };
  });
  return { added: result, operation };
}

/** How many artifacts the storages have already: most of them are likely to be found again. */
async function countIn(reader: Reader, storages: readonly StoragePieces[]): Promise<number> {
  const list = reader.dialect.valuesOf(storages.map(({ id = noStorage }) => id));
  const row = await reader.first<{ count: number }>(
    `SELECT count(*) AS count FROM lamindb_artifact WHERE storage_id IN (${list.sql})`,
    list.parameters,
  );
  return Number(row?.count ?? 0);
}

async function recorderFor(
  instance: Instance,
  reader: Reader,
  request: RegisterRequest,
  { id, some, identity }: { id: number; some: readonly Prepared[]; identity: IdentityOf },
  userId: number,
): Promise<Recorder> {
  const { annotations } = request;
  const rows = await neighboursOf(reader, [id], some, annotations.revises);
  const contents = new Map(rows.map((row) => [
    row.id,
    { sha256: identity(row), isFolder: row.n_files !== null },
  ]));
  const deleted = await deletedUids(reader, artifact, rows);
  const neighbours = { rows, contents, unstored: new Set<number>(), deletedUids: deleted };
  return recorderAmong(instance, request, userId, id, neighbours);
}

function recorderAmong(
  instance: Instance,
  { annotations, run }: RegisterRequest,
  userId: number,
  elsewhere: number,
  neighbours: Neighbours,
): Recorder {
  const maker = run === undefined ? {} : { runId: run.id };
  const all = { ...annotations, ...maker, userId, inPlace: true, elsewhere };
  return new Recorder(instance, all, neighbours, (stand) => stand);
}

/** The row of a storage; a new one belongs to nobody, since bytes are only read there. */
async function storageId(
  instance: Instance,
  changes: Changes,
  root: string,
  userId: number,
): Promise<number> {
  const [known] = await changes.reader.select(storage, "root = ?", [root]);
  if (known !== undefined) return known.id;
  const now = timestamp(instance.host.now());
  const [id] = await changes.insert(storage, [{
    uid: randomBase62(instance.host, 12),
    root,
    type: storageTypes[schemeOf(root)]!,
    region: null,
    instance_uid: null,
    created_by_id: userId,
    created_at: now,
    updated_at: now,
  }]);
  return id!;
}
