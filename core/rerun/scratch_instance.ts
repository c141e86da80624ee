import type { Side } from "../compare/side.ts";
import { artifactSide } from "../compare/artifact_side.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { randomBase62 } from "../identity/base62.ts";

/**
 * Makes an instance in a folder that is not there yet, with all rows of the one that is rerun from,
 * whose bytes it reads where they lie; gives a function that opens it. `settings` is the folder for
 * its settings.
 */
export type MakeInstance = (
  place: { readonly folder: string; readonly settings: string; readonly name: string },
) => Promise<() => Promise<Instance>>;

/** An instance that a command works with instead of the one that its run was recorded in. */
export class ScratchInstance {
  #opened: Instance | undefined;

  private constructor(
    private readonly open: () => Promise<Instance>,
    readonly slug: string,
    /** Id of the last run that was not done here. */
    private readonly lastRun: number,
  ) {}

  static async make(
    make: MakeInstance,
    source: Instance,
    place: { readonly folder: string; readonly settings: string },
  ): Promise<ScratchInstance> {
    const name = `rerun-${randomBase62(source.host, 8).toLowerCase()}`;
    const open = await make({ ...place, name });
    const instance = await open();
    try {
      const row = await instance.database.read((reader) =>
        reader.first<{ id: number | null }>("SELECT max(id) AS id FROM lamindb_run")
      );
      return new ScratchInstance(open, instance.slug, Number(row?.id ?? 0));
    } finally {
      await instance.close();
    }
  }

  /**
   * What a run that was recorded here since made under the key of an artifact, or made again;
   * undefined if none did. To be asked when the command is through.
   */
  async outputLike({ key, uid }: ArtifactRow): Promise<Side | undefined> {
    const instance = this.#opened ??= await this.open();
    const row = await instance.database.read(async (reader) =>
      (await reader.select(
        artifact,
        `${key === null ? "uid" : "key"} = ? AND (run_id > ? OR id IN (
           SELECT artifact_id FROM lamindb_artifact_recreating_runs WHERE run_id > ?))
         ORDER BY id DESC LIMIT 1`,
        [key ?? uid, this.lastRun, this.lastRun],
      ))[0]
    );
    return row === undefined ? undefined : await artifactSide(instance, row);
  }

  async close(): Promise<void> {
    await this.#opened?.close();
    this.#opened = undefined;
  }
}
