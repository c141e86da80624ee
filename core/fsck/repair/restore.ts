import type { BlobBatch, StagedBlob } from "../../../store/objects/blob_store.ts";
import type { Hashing } from "../../../store/host/host.ts";
import { damagedFolder } from "../../gc/stored_objects.ts";
import type { Instance } from "../../instance/instance.ts";
import { hashReader } from "../../artifact/hash_reader.ts";
import type { Finding, WantedFile } from "../finding.ts";
import { Copies, type CopyPlace } from "./copies.ts";
import { stageFile, stageFromServer } from "./stage_copy.ts";

interface Restorable {
  readonly storageId: number;
  readonly file: WantedFile;
  readonly staged: StagedBlob;
}

/** Makes files anew from other copies, and moves aside what they replace. */
export class Restorer {
  readonly #batches = new Map<number, BlobBatch>();
  readonly #staged = new Map<string, Restorable>();
  readonly #aside: string;

  private constructor(private readonly instance: Instance, private readonly hashing: Hashing) {
    this.#aside = `${damagedFolder}/${instance.host.randomBytes(6).toHex()}`;
  }

  /** Looks for copies of everything that findings want, and stages those that prove right. */
  static async prepare(instance: Instance, findings: readonly Finding[]): Promise<Restorer> {
    const restorer = new Restorer(instance, await instance.host.hashing());
    const wanted = new Map<string, { storageId: number; file: WantedFile }>();
    for (const { mend } of findings) {
      if (mend?.do !== "restore") continue;
      for (const file of mend.files) {
        wanted.set(keyOf(mend.storageId, file.name), { storageId: mend.storageId, file });
      }
    }
    if (wanted.size === 0) return restorer;
    const copies = await Copies.find(instance, [...wanted.values()].map(({ file }) => file));
    try {
      for (const [key, { storageId, file }] of wanted) {
        const staged = await restorer.#stage(storageId, file, copies.of(file));
        if (staged !== undefined) restorer.#staged.set(key, { storageId, file, staged });
      }
      return restorer;
    } catch (error) {
      restorer.discard();
      throw error;
    }
  }

  /** Whether all that a finding wants is, or will be, there again. */
  restores({ mend }: Finding): boolean {
    return mend?.do === "restore" &&
      mend.files.every(({ name }) => this.#staged.has(keyOf(mend.storageId, name)));
  }

  /** How many files are made anew. */
  get count(): number {
    return this.#staged.size;
  }

  /** Puts the staged files in their places. */
  async publish(): Promise<void> {
    for (const { storageId, file, staged } of this.#staged.values()) {
      await this.setAside(storageId, file.name);
      this.#batchOf(storageId).name(staged, file.name);
    }
    for (const batch of this.#batches.values()) await batch.publish();
  }

  /** Moves a file out of the way, to be looked at by a person; false when it is not there. */
  async setAside(storageId: number, name: string): Promise<boolean> {
    const below = name.replace(/^\.lamindb\//, "");
    return await this.instance.blobsOf(storageId).move(name, `${this.#aside}/${below}`);
  }

  discard(): void {
    for (const batch of this.#batches.values()) batch.discard();
  }

  #batchOf(storageId: number): BlobBatch {
    const known = this.#batches.get(storageId);
    if (known !== undefined) return known;
    const batch = this.instance.blobsOf(storageId).batch();
    this.#batches.set(storageId, batch);
    return batch;
  }

  /** A staged copy with the right bytes, if one of the places has them. */
  async #stage(
    storageId: number,
    file: WantedFile,
    places: readonly CopyPlace[],
  ): Promise<StagedBlob | undefined> {
    const batch = this.#batchOf(storageId);
    for (const place of places) {
      const staged = typeof place === "string"
        ? stageFile(this.instance.host.files, batch, place, file.size)
        : await stageFromServer(batch, place, file.size);
      if (staged === undefined) continue;
      if (await this.#isRight(staged, file)) return staged;
      batch.drop(staged);
    }
    return undefined;
  }

  async #isRight(staged: StagedBlob, file: WantedFile): Promise<boolean> {
    const reader = staged.open();
    try {
      const { sha256, hash } = await hashReader(
        { hashing: this.hashing, progress: () => {} },
        reader,
      );
      if (file.sha256 !== undefined) return sha256 === file.sha256;
      return file.isWholeHash && reader.size === file.size && hash === file.hash;
    } finally {
      reader.close();
    }
  }
}

function keyOf(storageId: number, name: string): string {
  return `${storageId}/${name}`;
}
