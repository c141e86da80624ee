import type { BlobBatch } from "../../store/objects/blob_store.ts";
import { presentAt } from "../work_tree/present.ts";
import { nothingIndexed } from "../../store/work_index/indexed_files.ts";
import { alone } from "../artifact/add/alone.ts";
import { hashStaged } from "../artifact/add/ingest_file.ts";
import { Preparer } from "../artifact/add/prepare.ts";
import type { Prepared } from "../artifact/add/prepared.ts";
import { Recorder } from "../artifact/add/record.ts";
import { objectName } from "../artifact/storage_key.ts";
import { base64url22 } from "../identity/hash.ts";
import type { Instance } from "../instance/instance.ts";
import { currentUserId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";

/** The kind of artifacts that LaminDB keeps of runs: logs and environments (COMPAT §6.3). */
export const runFileKind = "__lamindb_run__";

interface RunFile {
  readonly role: RunFileRole;
  readonly description: string;
  readonly prepared: Prepared;
}

/** Which column of the run an artifact goes into. */
export type RunFileRole = "report_id" | "environment_id";

/**
 * What is kept of a run besides its outputs. `take` the files, `publish` their bytes, `record` them
 * in a transaction, and `discard` in `finally`.
 */
export class RunFiles {
  readonly #files: RunFile[] = [];
  #batch: BlobBatch | undefined;

  /** Files of many runs may be published together, in a batch of the caller's. */
  constructor(private readonly instance: Instance, batch?: BlobBatch) {
    this.#batch = batch;
  }

  /** Stages a file, or a folder as one artifact; none of what is not there or is empty. */
  async take(role: RunFileRole, path: string, description: string): Promise<void> {
    const { host } = this.instance;
    const stat = presentAt(host, path);
    if (stat === null || stat.kind === "file" && stat.size === 0) return;
    this.#batch ??= this.instance.blobs.batch();
    const options = { mode: "copy" as const, indexed: nothingIndexed, progress: () => {} };
    const preparer = new Preparer(this.instance, this.#batch, options, await host.hashing());
    const isFolder = stat.kind === "directory";
    await preparer.take([{ path, workPath: undefined, key: null, isFolder, stat }], {
      sizeIsKnown: () => false,
      storedMembers: new Map(),
    }, () => undefined);
    for (const prepared of [...preparer.prepared.pieces()].flat()) {
      this.#files.push({ role, description, prepared });
    }
  }

  /** Stages a text that is in no file; none that is empty. */
  async takeText(
    role: RunFileRole,
    pieces: AsyncIterable<Uint8Array>,
    description: string,
  ): Promise<void> {
    const { host, blobs } = this.instance;
    const batch = this.#batch ??= blobs.batch();
    const staged = batch.create();
    for await (const bytes of pieces) staged.write(bytes);
    staged.close();
    const tools = { hashing: await host.hashing(), progress: () => {} };
    const content = await hashStaged(tools, staged);
    if (content.size === 0) return batch.drop(staged);
    const suffix = ".txt";
    const name = objectName(content.sha256, suffix);
    const isNew = batch.name(staged, name);
    const prepared: Prepared = {
      source: { path: "-", workPath: undefined, key: null, isFolder: false },
      ...content,
      suffix,
      otype: null,
      manifest: undefined,
      staged: isNew ? [staged] : [],
    };
    this.#files.push({ role, description, prepared });
  }

  async publish(): Promise<void> {
    await this.#batch?.publish();
  }

  /**
   * Writes the rows; gives their ids by the columns of the run. What is known already, by its hash
   * as in Python, is that artifact.
   */
  async record(
    changes: Changes,
    branchId: number,
  ): Promise<Readonly<Partial<Record<RunFileRole, number>>>> {
    const ids: Partial<Record<RunFileRole, number>> = {};
    for (const file of this.#files) {
      ids[file.role] = await this.#known(changes, file) ??
        await this.#insert(changes, file, branchId);
    }
    return ids;
  }

  discard(): void {
    this.#batch?.discard();
  }

  /** No two artifacts without a key may have one hash in one storage (COMPAT §5.1). */
  async #known({ reader }: Changes, { prepared }: RunFile): Promise<number | undefined> {
    const row = await reader.first<{ id: number }>(
      `SELECT id FROM lamindb_artifact WHERE hash = ? AND key IS NULL AND storage_id = ?
       AND _hash_type = ?`,
      [prepared.hash, this.instance.storage.id, prepared.hashType],
    );
    return row === undefined ? undefined : Number(row.id);
  }

  async #insert(
    changes: Changes,
    { description, prepared }: RunFile,
    branchId: number,
  ): Promise<number> {
    const recorder = new Recorder(
      this.instance,
      {
        kind: runFileKind,
        description,
        branchId,
        userId: await currentUserId(this.instance, changes),
        inPlace: false,
      },
      alone,
      (sha256) => base64url22(Uint8Array.fromHex(sha256)),
    );
    const [recorded] = await recorder.record(changes, [prepared]);
    return recorded!.row.id;
  }
}
