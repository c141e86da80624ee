import { shownAddress } from "../../store/database/address.ts";
import type { Condition, Reader } from "../../store/database/database.ts";
import type { Hashing } from "../../store/host/host.ts";
import type { Instance } from "../instance/instance.ts";
import { objectHashOf } from "../gc/stored_objects.ts";
import type { Registry } from "../registry/registry.ts";
import { notFetchedAmong } from "../artifact/not_fetched.ts";
import { storageKeyOf } from "../artifact/storage_key.ts";
import type { OperationName } from "../operation/mutate.ts";
import { BlobHasher } from "./blob_hash.ts";
import { checkBytes } from "./check_bytes.ts";
import { checkHeads } from "./check_heads.ts";
import { checkNotes } from "./check_notes.ts";
import { checkList, checkRows } from "./check_rows.ts";
import { checkStore } from "./check_store.ts";
import { changedSince } from "./changed_since.ts";
import { valueFaults } from "./check_values.ts";
import { isUnfinishedUpload, unfinishedUpload, withoutUploadsUnderWay } from "./check_uploads.ts";
import { type Expectation, expectationOf } from "./expectation.ts";
import { artifactFinding, type Finding, type FoundContent } from "./finding.ts";
import { isOverwritten, keptVersions } from "./overwritten.ts";
import { artifactPages, type Page } from "./pages.ts";
import { artifactsNamed } from "./artifacts_named.ts";
import { Foreign } from "./foreign.ts";
import { NotFetched } from "./not_fetched.ts";
import { ServerSizes } from "./server_sizes.ts";

/** What `fsck` is told. */
export interface FsckRequest {
  readonly operation: OperationName;
  /** Artifacts to look at; all, and everything else as well, when there are none. */
  readonly references: readonly string[];
  /** Read all bytes instead of asking for sizes. */
  readonly deep: boolean;
  readonly repair: boolean;
  /** Of LaminDB and all modules. */
  readonly registries: readonly Registry[];
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

/** What is wrong, and what became of it. */
export interface FsckResult {
  readonly findings: readonly (Finding & { readonly isRepaired: boolean })[];
  readonly artifacts: number;
  /** Artifacts of Python's whose content was noted. */
  readonly adopted: number;
  /** Uid of the operation, when anything was mended. */
  readonly operation: string | undefined;
}

/**
 * Compares what is recorded with what is there. Nothing is changed unless `repair` is asked for:
 * then everything that can be mended is, as one operation, after everything was looked at. Bytes
 * that are replaced are kept aside. Throws code "not_found" or "ambiguous" for a reference.
 */
export async function fsck(instance: Instance, request: FsckRequest): Promise<FsckResult> {
  if (request.repair) instance.requireWritable();
  const everything = request.references.length === 0;
  const findings: Finding[] = [];
  if (everything) {
    const { registries } = request;
    const faults = await instance.database.read((reader) =>
      valueFaults(instance, reader, registries)
    );
    // All that follows relies on rows being what the definitions say.
    if (faults.length > 0) return unread(databaseFindings(instance, faults));
    findings.push(...databaseFindings(instance, await instance.database.check()));
  }
  const condition = await artifactsNamed(instance, request.references);
  const checker = await Checker.begin(instance, request, condition);
  for await (const page of artifactPages(instance, condition)) {
    findings.push(...await checker.check(page));
  }
  findings.push(...checker.notFetched.findings(!everything), ...checker.foreign.findings());
  if (everything) {
    findings.push(...await instance.database.read(checkHeads));
    const store = await checkStore(instance);
    findings.push(...store.findings);
    // What was not listed is not missing.
    if (store.isComplete) {
      const notes = await instance.database.read((reader) => checkNotes(instance, reader, store));
      findings.push(...notes);
    }
  }
  if (!request.repair) {
    const untouched = findings.map((finding) => ({ ...finding, isRepaired: false }));
    return { findings: untouched, artifacts: checker.artifacts, adopted: 0, operation: undefined };
  }
  const { repair } = await import("./repair/repair.ts");
  const repaired = await repair(instance, request.operation, findings, checker.adoptable);
  return { ...repaired, artifacts: checker.artifacts };
}

/** Faults of rows that keep everything else from being looked at, and that nothing can mend. */
function unread(findings: readonly Finding[]): FsckResult {
  const told = findings.map((finding) => ({ ...finding, isRepaired: false }));
  return { findings: told, artifacts: 0, adopted: 0, operation: undefined };
}

function databaseFindings(instance: Instance, faults: readonly string[]): Finding[] {
  return faults.map((detail) => ({
    severity: "damage",
    kind: "database",
    uid: null,
    key: null,
    name: shownAddress(instance.location.database),
    detail,
  }));
}

/** Looks at artifacts, page by page. */
class Checker {
  artifacts = 0;
  /** Contents of artifacts that nothing is noted of yet, to be noted by a repair. */
  readonly adoptable: FoundContent[] = [];
  readonly #sizes: ServerSizes;
  readonly notFetched = new NotFetched();
  readonly foreign: Foreign;

  private constructor(
    private readonly instance: Instance,
    private readonly hashing: Hashing,
    private readonly request: FsckRequest,
    private readonly hasher: BlobHasher,
    private readonly kept: ReadonlyMap<string, string>,
  ) {
    this.foreign = new Foreign(instance);
    this.#sizes = new ServerSizes(request.references.length === 0);
  }

  static async begin(
    instance: Instance,
    request: FsckRequest,
    condition: Condition,
  ): Promise<Checker> {
    const hashing = await instance.host.hashing();
    return await instance.database.read(async (reader) => {
      if (request.deep) request.onTotal?.(await totalBytes(reader, condition));
      const hasher = new BlobHasher(
        hashing,
        await sharedKeys(reader),
        (bytes, files) => request.onProgress?.(bytes, files),
      );
      return new Checker(instance, hashing, request, hasher, await keptVersions(reader));
    });
  }

  /** What is wrong with artifacts, and still was when their rows were read once more. */
  async check(page: Page): Promise<Finding[]> {
    this.artifacts += page.rows.filter((row) => !this.foreign.takes(row)).length;
    const found = await this.#look(page);
    const { changed, isChanged } = await changedSince(this.instance, page, found);
    const findings = found.filter(({ uid }) => !isChanged(uid));
    for (const again of changed) findings.push(...await this.#look(again));
    return findings;
  }

  async #look(page: Page): Promise<Finding[]> {
    const findings = checkRows(page);
    const expectations: Expectation[] = [];
    const notFetched = await notFetchedAmong(this.instance, page.rows);
    for (const row of page.rows) {
      this.notFetched.note(row, notFetched.get(row.id));
      if (notFetched.has(row.id)) continue;
      if (this.foreign.takes(row)) continue;
      const expected = isOverwritten(row, this.kept)
        ? artifactFinding(row, storageKeyOf(row), overwritten)
        : expectationOf(this.instance, this.hashing, page, row);
      if ("severity" in expected) findings.push(expected);
      else {
        expectations.push(expected);
        findings.push(...checkList(expected));
      }
    }
    const checked = await checkBytes(this.instance, this.hashing, expectations, {
      hasher: this.hasher,
      reads: (expectation) => this.#reads(expectation),
      sizes: this.#sizes,
    });
    const uploads = page.rows.filter(isUnfinishedUpload)
      .map((row) => unfinishedUpload(row, checked.sound.has(row.id)));
    const all = [
      ...this.#withContents(findings, checked.contents),
      ...checked.findings,
      ...uploads,
    ];
    return withoutUploadsUnderWay(all, page.rows, this.instance.host.now());
  }

  /**
   * Contents that were found mend what is said of the notes; those nothing is said of are adopted.
   */
  #withContents(findings: readonly Finding[], contents: readonly FoundContent[]): Finding[] {
    const byUid = new Map(contents.map((content) => [content.row.uid, content]));
    const mended = findings.map((finding): Finding => {
      const isAbout = finding.kind === "record" || finding.kind === "unrecorded";
      const content = isAbout ? byUid.get(finding.uid!) : undefined;
      return content === undefined
        ? finding
        : { ...finding, mend: { do: "note content", content } };
    });
    for (const { uid, mend } of mended) if (mend?.do === "note content") byUid.delete(uid!);
    if (this.request.repair) this.adoptable.push(...byUid.values());
    return mended;
  }

  /** A repair also reads what it needs to be sure of before it notes it. */
  #reads({ row, name, isUnrecorded }: Expectation): boolean {
    if (this.request.deep) return true;
    const isDoubtful = isUnfinishedUpload(row) ||
      (isUnrecorded && objectHashOf(name) !== undefined);
    return this.request.repair && isDoubtful;
  }
}

const overwritten = {
  severity: "note",
  kind: "overwritten",
  detail: "Python stores only the latest version of this folder; this one's bytes were replaced",
} as const;

async function totalBytes(reader: Reader, condition: Condition): Promise<number> {
  const row = await reader.first<{ total: number | null }>(
    `SELECT sum(size) AS total FROM lamindb_artifact WHERE ${condition.sql}`,
    condition.parameters,
  );
  return Number(row?.total ?? 0);
}

/** Storage keys that several artifacts have. */
async function sharedKeys(reader: Reader): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ _real_key: string }>(
    `SELECT _real_key FROM lamindb_artifact WHERE _real_key IS NOT NULL
     GROUP BY _real_key HAVING count(*) > 1`,
  );
  return new Set(rows.map((row) => row._real_key));
}
