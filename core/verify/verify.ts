import { withoutPassword } from "../../store/without_password.ts";
import { isAbsolute } from "../../store/path.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import { type Expectation, expectationOf } from "../fsck/expectation.ts";
import type { FoundContent } from "../fsck/finding.ts";
import { artifactPages, type Page } from "../fsck/pages.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import type { OperationName } from "../operation/mutate.ts";
import type { OpenRemoteOptions } from "../sync/remote/open_remote.ts";
import type { Level } from "./level.ts";
import { type Look, Looker, notThere } from "./look.ts";
import { Managers } from "./managers.ts";
import { otherPlaces } from "./moved.ts";
import { elsewhereIn, type Scope } from "./scope.ts";

export interface VerifyRequest extends Scope {
  readonly level: Level;
  /** Correct the places of what moved, and note the SHA-256 of what was read in full. */
  readonly update: boolean;
  readonly operation: OperationName;
  /** How other instances are opened. */
  readonly opening: Omit<OpenRemoteOptions, "readOnly">;
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

/** Where an artifact's bytes lie, in the words of an instance. */
export interface Place {
  readonly storage: StorageRow;
  readonly name: string;
}

/** How an artifact is whose bytes lie in a storage that others manage, or nobody. */
export interface Verified {
  readonly row: ArtifactRow;
  readonly state: Look["state"] | "moved";
  /** Root of its storage, without secrets, and its name there. */
  readonly root: string;
  readonly name: string;
  /** What was compared, in words. */
  readonly checked: string;
  readonly detail: string | undefined;
  /** Where its bytes are by now, for one that moved. */
  readonly movedTo: Place | undefined;
  readonly content: FoundContent | undefined;
}

export interface VerifyResult {
  readonly artifacts: readonly Verified[];
  /** Uid of the operation, where places were corrected or contents noted. */
  readonly operation: string | undefined;
}

/**
 * Looks at the bytes of artifacts that lie where another instance may change or move them, or
 * nobody answers for them. Nothing is changed unless `update` is asked for. Throws code
 * "not_found", "ambiguous" or "usage" for a scope.
 */
export async function verify(instance: Instance, request: VerifyRequest): Promise<VerifyResult> {
  if (request.update) instance.requireWritable();
  const condition = await elsewhereIn(instance, request);
  const managers = new Managers(instance, request.opening);
  try {
    const hashing = await instance.host.hashing();
    const isEverything = request.references.length + request.conditions.length === 0;
    const onProgress = request.onProgress ?? (() => {});
    const looker = new Looker(instance, hashing, request.level, onProgress, isEverything);
    if (request.level === "full") {
      const row = await instance.database.read((reader) =>
        reader.first<{ total: number | null }>(
          `SELECT sum(size) AS total FROM lamindb_artifact WHERE ${condition.sql}`,
          condition.parameters,
        )
      );
      request.onTotal?.(Number(row?.total ?? 0));
    }
    const verifier = new Verifier(instance, looker, managers, hashing);
    const artifacts: Verified[] = [];
    for await (const page of artifactPages(instance, condition)) {
      artifacts.push(...await verifier.take(page));
    }
    if (!request.update) return { artifacts, operation: undefined };
    const { updatePlaces } = await import("./update.ts");
    return {
      artifacts,
      operation: await updatePlaces(instance, request.operation, artifacts),
    };
  } finally {
    await managers.close();
  }
}

class Verifier {
  constructor(
    private readonly instance: Instance,
    private readonly looker: Looker,
    private readonly managers: Managers,
    private readonly hashing: Parameters<typeof expectationOf>[1],
  ) {}

  async take(page: Page): Promise<Verified[]> {
    const looks = new Map<number, Look>();
    const expectations = new Map<number, Expectation>();
    for (const row of page.rows) {
      const expected = expectationOf(this.instance, this.hashing, page, row);
      if ("severity" in expected) looks.set(row.id, notThere(expected.detail));
      else expectations.set(row.id, expected);
    }
    for (const own of Map.groupBy(expectations.values(), ({ blobs }) => blobs).values()) {
      const root = this.#storageOf(own[0]!.row)!.root;
      const found = this.#isAbsent(root)
        ? new Map(own.map((one) => [one, notThere(`there is no ${root}`)]))
        : await this.looker.look(own);
      for (const [{ row }, look] of found) looks.set(row.id, look);
    }
    const verified: Verified[] = [];
    for (const row of page.rows) {
      verified.push(await this.#verdict(row, looks.get(row.id)!, expectations.get(row.id)));
    }
    return verified;
  }

  async #verdict(
    row: ArtifactRow,
    look: Look,
    expectation: Expectation | undefined,
  ): Promise<Verified> {
    const storage = this.#storageOf(row);
    const verdict: Verified = {
      row,
      ...look,
      root: withoutPassword(storage?.root ?? `storage ${row.storage_id}`),
      name: storageKeyOf(row),
      movedTo: undefined,
      content: look.content,
    };
    if (look.state === "ok" || expectation === undefined) return verdict;
    return { ...verdict, ...await this.#elsewhere(storage!, expectation) };
  }

  /** Where else it is, when it is there as it should be. */
  async #elsewhere(
    storage: StorageRow,
    expectation: Expectation,
  ): Promise<Pick<Verified, "state" | "checked" | "movedTo" | "content"> | undefined> {
    const manager = await this.managers.of(storage);
    if (manager === undefined) return undefined;
    for (const place of await otherPlaces(manager, storage, expectation)) {
      const look = (await this.looker.look([place.expectation])).get(place.expectation)!;
      if (look.state !== "ok") continue;
      const { checked, content } = look;
      return { state: "moved", checked, movedTo: place, content };
    }
    return undefined;
  }

  #storageOf(row: ArtifactRow): StorageRow | undefined {
    return this.instance.storages.get(row.storage_id);
  }

  #isAbsent(root: string): boolean {
    return isAbsolute(root) && this.instance.host.files.stat(root) === null;
  }
}
