import { LaminError } from "../../../store/errors.ts";
import { relativeTo } from "../../../store/path.ts";
import { timestamp } from "../../../store/database/values.ts";
import { newUid, nextVersionUid, stemUid } from "../../identity/uid.ts";
import type { Instance } from "../../instance/instance.ts";
import { everybodysSpace } from "../../instance/everybodys_space.ts";
import type { Changes } from "../../operation/changes.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { type ArtifactRow, objectName } from "../storage_key.ts";
import { decide, type Decision, type Family } from "./decide.ts";
import { emptyRow } from "./empty_row.ts";
import type { Neighbours } from "./neighbours.ts";
import type { Prepared } from "./prepared.ts";
import { type Arrived, recordArrived, recordContents } from "./record_contents.ts";

/** What the user says about all artifacts of a command. */
export interface Annotations {
  readonly description?: string;
  readonly kind?: string;
  readonly versionTag?: string;
  /** The artifact to make a new version of; only with a single source. */
  readonly revises?: ArtifactRow;
  /** Branch that the artifacts go to. */
  readonly branchId: number;
  readonly userId: number;
  /** True to leave the bytes where they lie instead of storing objects. */
  readonly inPlace: boolean;
  /**
   * Id of the storage on a server in which the sources lie, with the names that are their paths.
   * Nobody read them: what stands for their SHA-256 is none.
   */
  readonly elsewhere?: number;
  /** Id of the run that makes what is new. */
  readonly runId?: number;
}

/** One source and what became of it. */
export interface Recorded {
  readonly prepared: Prepared;
  readonly kind: Decision["kind"] | "updated";
  readonly row: ArtifactRow;
}

/** Type of a hash that stands in where LaminDB's cannot tell two contents of one key apart. */
const standInHashType = "sha256";

/**
 * Writes the rows of prepared sources. `standIn` gives the hash of a SHA-256 as LaminDB writes
 * hashes.
 */
export class Recorder {
  readonly #byKey = new Map<string, ArtifactRow[]>();
  readonly #byStem = new Map<string, ArtifactRow[]>();
  readonly #deletedByStem: ReadonlyMap<string, readonly string[]>;
  /** Drafts, whose rows get their ids when they are written. */
  readonly #inserts: Recorded[] = [];
  readonly #now: string;
  readonly #demoted = new Map<number, ArtifactRow>();
  readonly #recorded: Recorded[] = [];
  readonly #arrived: Arrived[] = [];

  constructor(
    private readonly instance: Instance,
    private readonly annotations: Annotations,
    private readonly neighbours: Neighbours,
    private readonly standIn: (sha256: string) => string,
  ) {
    this.#now = timestamp(instance.host.now());
    this.#deletedByStem = Map.groupBy(neighbours.deletedUids, stemUid);
    for (const row of neighbours.rows) {
      push(this.#byStem, stemUid(row.uid), row);
      push(this.#byKey, row.key ?? `\0${row.hash}`, row);
    }
  }

  /** Decides about every source and gives the rows that there would be; nothing is written. */
  plan(prepared: readonly Prepared[]): Recorded[] {
    return prepared.map((one) => {
      const decision = this.#decide(one);
      const row = "row" in decision
        ? { ...decision.row, ...this.#arrival(one, decision.row) }
        : this.#draft(one, decision);
      return { prepared: one, kind: decision.kind, row };
    });
  }

  /** Decides about every source and writes the rows. */
  async record(changes: Changes, prepared: readonly Prepared[]): Promise<readonly Recorded[]> {
    for (const one of prepared) {
      const decision = this.#decide(one);
      if ("row" in decision) await this.#revive(changes, one, decision);
      else {
        if ("head" in decision && decision.head) this.#demoted.set(decision.head.id, decision.head);
        this.#inserts.push({ row: this.#draft(one, decision), prepared: one, kind: decision.kind });
      }
    }
    await changes.update(artifact, [...this.#demoted.values()], { is_latest: false });
    await this.#insertAll(changes);
    await recordArrived(changes, this.#arrived, this.instance.storage.id);
    return this.#recorded;
  }

  #decide(prepared: Prepared): Decision {
    const family = this.#familyOf(prepared);
    const decision = decide(family, prepared.sha256, this.annotations.branchId);
    this.#requireFreeTag(decision);
    return decision;
  }

  /** Two versions of one family under one tag could not be told apart, in LaminDB neither. */
  #requireFreeTag(decision: Decision): void {
    const { versionTag } = this.annotations;
    if (versionTag === undefined || decision.kind === "added") return;
    const [own, member] = "row" in decision
      ? [decision.row.id, decision.row]
      : [undefined, decision.revises];
    const taken = this.#byStem.get(stemUid(member.uid))
      ?.find((row) => row.version_tag === versionTag && row.id !== own);
    if (taken === undefined) return;
    throw new LaminError("conflict", `the version tag '${versionTag}' belongs to ${taken.uid}`, {
      hint: "choose another one with --version-tag, or leave it out",
      data: { uid: taken.uid, version_tag: versionTag },
    });
  }

  #familyOf({ source, hash }: Prepared): Family {
    const { revises } = this.annotations;
    const direct = this.#byKey.get(source.key ?? `\0${hash}`) ?? [];
    if (direct.length === 0 && revises === undefined) return nothingBefore;
    const stems = new Set(
      [...direct, ...(revises ? [revises] : [])].map((row) => stemUid(row.uid)),
    );
    const versions = [...stems].flatMap((stem) => this.#byStem.get(stem) ?? []);
    const rows = [...new Set([...direct, ...versions])];
    return { rows, contents: this.neighbours.contents, ...(revises ? { revises } : {}) };
  }

  /** The row of a new artifact or version, without the id that the database gives. */
  #draft(prepared: Prepared, decision: Decision & { kind: "added" | "new version" }): ArtifactRow {
    const { annotations } = this;
    const revises = decision.kind === "new version" ? decision.revises : undefined;
    const stem = revises && stemUid(revises.uid);
    return {
      ...emptyRow,
      uid: stem === undefined
        ? newUid(this.instance.host, "Artifact")
        : nextVersionUid(this.#uidsOf(stem)),
      key: prepared.source.key ?? revises?.key ?? null,
      description: annotations.description ?? revises?.description ?? null,
      kind: annotations.kind ?? revises?.kind ?? null,
      version_tag: annotations.versionTag ?? null,
      is_latest: true,
      is_locked: false,
      suffix: prepared.suffix,
      otype: prepared.otype,
      size: prepared.size,
      n_files: prepared.manifest?.length ?? prepared.files ?? null,
      ...this.#hashOf(prepared),
      ...this.#placeOf(prepared),
      _overwrite_versions: false,
      run_id: annotations.runId ?? null,
      storage_id: annotations.elsewhere ??
        (annotations.inPlace ? this.instance.ownStorage : this.instance.storage).id,
      branch_id: annotations.branchId,
      created_on_id: annotations.branchId,
      created_by_id: annotations.userId,
      space_id: everybodysSpace,
      created_at: this.#now,
      updated_at: this.#now,
    };
  }

  /** The uids that versions of a family have or had. */
  #uidsOf(stem: string): string[] {
    return [
      ...this.#byStem.get(stem)!.map(({ uid }) => uid),
      ...this.#deletedByStem.get(stem) ?? [],
    ];
  }

  /**
   * LaminDB's hash, or one of the whole content where the same key has it already; none where the
   * key has both, as for the same content on three branches.
   */
  #hashOf(prepared: Prepared): { hash: string | null; _hash_type: string | null } {
    const same = this.#byKey.get(prepared.source.key ?? `\0${prepared.hash}`) ?? [];
    const isFree = (hash: string) => !same.some((row) => row.hash === hash);
    const { hash, hashType, sha256 } = prepared;
    if (isFree(hash)) return { hash: hash || null, _hash_type: hashType || null };
    if (this.annotations.elsewhere !== undefined) return { hash: null, _hash_type: null };
    const standIn = this.standIn(sha256);
    if (isFree(standIn)) return { hash: standIn, _hash_type: standInHashType };
    return { hash: null, _hash_type: null };
  }

  #placeOf({ source, sha256, suffix }: Prepared) {
    if (!this.annotations.inPlace) {
      return { _real_key: objectName(sha256, suffix), _key_is_virtual: true };
    }
    const place = this.annotations.elsewhere === undefined
      ? relativeTo(this.instance.location.root, source.path)!
      : source.path;
    const isRealKey = source.key === place;
    return { _real_key: isRealKey ? null : place, _key_is_virtual: !isRealKey };
  }

  /** Makes an existing version the latest, or leaves it so, and notes what the user says of it. */
  async #revive(
    changes: Changes,
    prepared: Prepared,
    decision: Decision & { kind: "unchanged" | "returned" | "restored" },
  ): Promise<void> {
    const { annotations } = this;
    const said = {
      ...(annotations.description === undefined ? {} : { description: annotations.description }),
      ...(annotations.kind === undefined ? {} : { kind: annotations.kind }),
      ...(annotations.versionTag === undefined ? {} : { version_tag: annotations.versionTag }),
    };
    const lifted = decision.kind === "unchanged"
      ? {}
      : { is_latest: true, branch_id: annotations.branchId };
    if (decision.kind !== "unchanged" && decision.head && decision.head.id !== decision.row.id) {
      this.#demoted.set(decision.head.id, decision.head);
    }
    const before = changes.recorded.length;
    const arrival = this.#arrival(prepared, decision.row);
    await changes.update(artifact, [decision.row], { ...said, ...lifted, ...arrival });
    const row = { ...decision.row, ...said, ...lifted, ...arrival };
    if (arrival !== undefined) this.#arrived.push({ prepared, row });
    const isChanged = changes.recorded.length > before || arrival !== undefined;
    const kind = decision.kind === "unchanged" && isChanged ? "updated" : decision.kind;
    this.#recorded.push({ prepared, kind, row });
  }

  /** Where the bytes of an artifact come to lie that is there without them. */
  #arrival(prepared: Prepared, row: ArtifactRow) {
    const { annotations: { inPlace, elsewhere }, instance, neighbours } = this;
    if (inPlace || elsewhere !== undefined || !neighbours.unstored.has(row.id)) return undefined;
    const place = { storage_id: instance.storage.id, _overwrite_versions: false };
    return { ...place, ...this.#placeOf(prepared) };
  }

  async #insertAll(changes: Changes): Promise<void> {
    const ids = await changes.insert(artifact, this.#inserts.map(({ row }) => row));
    this.#inserts.forEach((insert, index) => {
      insert.row.id = ids[index]!;
      this.#recorded.push(insert);
    });
    if (this.annotations.elsewhere !== undefined) return;
    await recordContents(
      changes,
      this.#inserts.map(({ prepared, row }, index) => ({
        artifactId: ids[index]!,
        hash: row.hash!,
        prepared,
      })),
      this.annotations.inPlace ? undefined : this.instance.storage.id,
    );
  }
}

/** What most of a first addition has before it. */
const nothingBefore: Family = { rows: [], contents: new Map() };

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
