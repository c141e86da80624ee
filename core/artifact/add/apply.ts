import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { BlobBatch } from "../../../store/objects/blob_store.ts";
import { base64url22 } from "../../identity/hash.ts";
import type { Instance } from "../../instance/instance.ts";
import { currentUserId } from "../../instance/user.ts";
import { mutate } from "../../operation/mutate.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { deletedUids } from "../../version/deleted_uids.ts";
import { adoptContents } from "../adopt.ts";
import type { Content } from "../content.ts";
import { objectName, storageKeyOf } from "../storage_key.ts";
import type { AddRequest } from "./add.ts";
import type { IngestMode } from "./ingest_file.ts";
import type { Prepared } from "./prepare.ts";
import { type Added, neighboursOf, Recorder } from "./record.ts";
import { missingFiles, restage } from "./restage.ts";

/** What would become of each source, and the contents that were found out for it. */
interface Plan {
  readonly added: readonly Added[];
  readonly contents: ReadonlyMap<number, Content>;
}

/** Decides about every source and writes nothing. */
export async function planAll(
  instance: Instance,
  request: AddRequest,
  prepared: readonly Prepared[],
): Promise<Plan> {
  return await instance.database.read(async (reader) => {
    const { recorder, contents } = await recorderFor(instance, request, reader, prepared, 0);
    return { added: recorder.plan(prepared), contents };
  });
}

/**
 * Stores what is needed and records all sources in one transaction. Stored bytes that vanished
 * meanwhile are stored again; throws code "conflict" when their source changed as well.
 */
export async function recordAll(
  instance: Instance,
  request: AddRequest,
  batch: BlobBatch,
  prepared: readonly Prepared[],
): Promise<{ added: readonly Added[]; operation: string | undefined }> {
  if (prepared.length === 0) return { added: [], operation: undefined };
  const hasNew = prepared.some(({ staged }) => staged.length > 0);
  const plan = hasNew ? await planAll(instance, request, prepared) : undefined;
  if (plan !== undefined) dropUnneeded(batch, plan.added);
  await publish(batch);
  const { result, operation } = await mutate(instance, request.operation, async (changes) => {
    const userId = await currentUserId(instance, changes);
    const { reader } = changes;
    const known = plan?.contents;
    const { recorder } = await recorderFor(instance, request, reader, prepared, userId, known);
    await recorder.record(changes, prepared);
    if (request.mode !== "in place") await requireStored(instance, request.mode, recorder.added);
    return { result: recorder.added, summary: summaryOf(recorder.added) };
  });
  return { added: result, operation };
}

/** Files of an older folder may have been collected before they got their new names. */
async function publish(batch: BlobBatch): Promise<void> {
  try {
    await batch.publish();
  } catch (error) {
    if (!(error instanceof LaminError && error.code === "not_found")) throw error;
    // Whatever is not there under the lock is stored again.
  }
}

/** Whether the artifact has its bytes in the object that is named after the content. */
function meansObject({ row, prepared: { sha256, suffix } }: Added): boolean {
  return storageKeyOf(row) === objectName(sha256, suffix);
}

/** Content that Python stored elsewhere, or that lies in place, needs no object of ours beside. */
function dropUnneeded(batch: BlobBatch, planned: readonly Added[]): void {
  const needed = new Set(planned.filter(meansObject).map(({ row }) => storageKeyOf(row)));
  for (const { prepared: { sha256, suffix, staged } } of planned) {
    if (!needed.has(objectName(sha256, suffix))) staged.forEach((blob) => batch.drop(blob));
  }
}

async function recorderFor(
  instance: Instance,
  request: AddRequest,
  reader: Reader,
  prepared: readonly Prepared[],
  userId: number,
  known?: ReadonlyMap<number, Content>,
): Promise<{ recorder: Recorder; contents: ReadonlyMap<number, Content> }> {
  const { annotations, mode } = request;
  const rows = await neighboursOf(reader, instance.storage.id, prepared, annotations.revises);
  const hashes = new Set(prepared.map(({ hash }) => hash));
  const contents = await adoptContents(instance, reader, rows, hashes, known);
  const recorder = new Recorder(
    instance,
    { ...annotations, userId, inPlace: mode === "in place" },
    { rows, contents, deletedUids: await deletedUids(reader, artifact, rows) },
    (sha256) => base64url22(Uint8Array.fromHex(sha256)),
  );
  return { recorder, contents };
}

/**
 * Objects that were there already might have been collected since they were seen, or were left in
 * part by a process that died: they are stored again. Collecting happens under the write lock,
 * which is held now.
 */
async function requireStored(
  instance: Instance,
  mode: IngestMode,
  added: readonly Added[],
): Promise<void> {
  const prepared = added.filter(meansObject).map((one) => one.prepared);
  const missing = await missingFiles(instance, prepared);
  if (missing.length > 0) await restage(instance, mode, missing);
}

function summaryOf(added: readonly Added[]): string {
  const changed = added.filter(({ kind }) => kind !== "unchanged");
  const counts = new Map<string, number>();
  for (const { kind } of changed) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const [first] = changed;
  const name = changed.length === 1 ? `: ${first!.row.key ?? first!.row.uid}` : "";
  const word = (kind: string, count: number) =>
    kind === "new version" && count > 1 ? "new versions" : kind;
  return `${[...counts].map(([kind, n]) => `${n} ${word(kind, n)}`).join(", ")}${name}`;
}
