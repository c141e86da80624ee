import { withoutPassword } from "../../../store/without_password.ts";
import { LaminError } from "../../../store/errors.ts";
import { dirname, isAbsolute, relativeTo } from "../../../store/path.ts";
import { checkedFiles } from "../../artifact/checked_files.ts";
import { contentsOf } from "../../artifact/content.ts";
import { type ContentFile, contentFilesOf, missingBytes } from "../../artifact/content_files.ts";
import { liesHere } from "../../artifact/lies_here.ts";
import { awaitedAmong, notFetchedError } from "../../artifact/not_fetched.ts";
import { nameOf, verifiedBytes } from "../../artifact/open_content.ts";
import { presenceOf, storeOrUndefined } from "../../artifact/presence.ts";
import { type ArtifactRow, storageKeyOf } from "../../artifact/storage_key.ts";
import type { ContentHash } from "../../identity/content_hasher.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { keptContents } from "./kept.ts";
import type { ContentSource, SourceContent } from "./source.ts";

/**
 * How many files of artifacts are remembered between being described and being read. What changes
 * meanwhile shows when they are read.
 */
const rememberedMax = 20_000;

interface Described {
  readonly row: ArtifactRow;
  readonly content: SourceContent;
  readonly files: ReadonlyMap<string, ContentFile>;
}

/**
 * The bytes of an instance that is open in this process. Rows and links may be a stranger's: what
 * leaves the storage that it is said to lie in is not read.
 */
export class InstanceSource implements ContentSource {
  #described = new Map<string, Described>();
  #remembered = 0;
  readonly #insideFolders = new Map<string, boolean>();

  /** `reader` is who is to have them: what is kept for that one is found without its artifact. */
  constructor(private readonly instance: Instance, private readonly reader?: Instance) {}

  async describe(
    uids: readonly string[],
    evenElsewhere = false,
  ): Promise<ReadonlyMap<string, SourceContent | LaminError>> {
    const known = uids.flatMap((uid) => this.#described.get(uid) ?? []);
    const found = new Map<string, SourceContent | LaminError>(
      known.map(({ content }) => [content.uid, content]),
    );
    const unknown = uids.filter((uid) => !found.has(uid));
    for (const entry of await this.#look(unknown, evenElsewhere)) found.set(...entry);
    return found;
  }

  async #look(
    uids: readonly string[],
    evenElsewhere: boolean,
  ): Promise<Map<string, SourceContent | LaminError>> {
    const { instance } = this;
    const found = new Map<string, SourceContent | LaminError>();
    if (uids.length === 0) return found;
    const { rows: all, contents, awaited } = await instance.database.read(async (reader) => {
      const list = reader.dialect.valuesOf(uids);
      const rows = await reader.select(artifact, `uid IN (${list.sql})`, list.parameters);
      const awaited = await awaitedAmong(instance, reader, rows);
      return { rows, contents: await contentsOf(reader, rows), awaited };
    });
    const managed = new Set(instance.managedStorageIds);
    const isElsewhere = (row: ArtifactRow) => !managed.has(row.storage_id);
    const rows = all.filter((row) => evenElsewhere || !isElsewhere(row));
    for (const row of evenElsewhere ? [] : all.filter(isElsewhere)) {
      found.set(row.uid, { ...contentOf(row, undefined, []), isElsewhere: true });
    }
    const absent = await this.#absentOf(rows, awaited);
    const files = await contentFilesOf(instance, rows.filter((row) => !absent.has(row.id)));
    if (this.#remembered > rememberedMax) [this.#described, this.#remembered] = [new Map(), 0];
    for (const row of rows) {
      const listed = absent.get(row.id) ?? await this.#checked(row, files.get(row.id)!);
      if (listed instanceof LaminError) {
        found.set(row.uid, listed);
        continue;
      }
      const content: SourceContent = {
        ...contentOf(row, contents.get(row.id)?.sha256, listed),
        ...(isElsewhere(row) ? { isElsewhere: true } : {}),
      };
      found.set(row.uid, this.#remember(row, content, listed));
    }
    await this.#lookForKept(uids.filter((uid) => !found.has(uid)), found);
    return found;
  }

  async #lookForKept(
    uids: readonly string[],
    found: Map<string, SourceContent | LaminError>,
  ): Promise<void> {
    if (this.reader === undefined || uids.length === 0) return;
    for (const { row, sha256, files } of await keptContents(this.instance, this.reader, uids)) {
      found.set(row.uid, this.#remember(row, contentOf(row, sha256, files), files));
    }
  }

  #remember(
    row: ArtifactRow,
    content: SourceContent,
    files: readonly ContentFile[],
  ): SourceContent {
    this.#remembered += files.length;
    const byPath = new Map(files.map((file) => [file.path, file]));
    this.#described.set(row.uid, { row, content, files: byPath });
    return content;
  }

  async *open(uid: string, path: string): AsyncGenerator<Uint8Array, ContentHash> {
    const { row, files } = await this.#find(uid);
    const file = files.get(path);
    if (file === undefined) throw missingBytes(row, path);
    const local = this.#pathOf(row, file);
    if (local !== undefined && !this.#isInside(row, local)) throw leadsOut(row, file);
    return yield* verifiedBytes(this.instance, row, file, { keeps: false });
  }

  locate(uid: string, path: string): string | undefined {
    const described = this.#described.get(uid);
    const file = described?.files.get(path);
    if (described === undefined || file === undefined) return undefined;
    const local = this.#pathOf(described.row, file);
    if (local === undefined || !this.#isFileInside(described.row, local)) return undefined;
    return local;
  }

  /** Pipes and devices, also behind a link, would be waited for. */
  #isFileInside(row: ArtifactRow, path: string): boolean {
    const { files } = this.instance.host;
    const kind = files.lstat(path)?.kind;
    if (kind === "file") return this.#isFolderInside(row, dirname(path));
    return kind === "symlink" && files.stat(path)?.kind === "file" &&
      this.#isReallyInside(row, path);
  }

  async #find(uid: string): Promise<Described> {
    if (!this.#described.has(uid)) {
      const failure = (await this.describe([uid], true)).get(uid);
      if (failure instanceof LaminError) throw failure;
    }
    const described = this.#described.get(uid);
    if (described !== undefined) return described;
    throw new LaminError("not_found", `${uid} is no longer there`, { data: { uid } });
  }

  /**
   * Why artifacts cannot be read at all, by id. A server is not asked: what is missing there shows
   * when it is read.
   */
  async #absentOf(
    rows: readonly ArtifactRow[],
    awaited: ReadonlyMap<number, string>,
  ): Promise<Map<number, LaminError>> {
    const absent = new Map<number, LaminError>();
    const here: ArtifactRow[] = [];
    for (const row of rows) {
      const blobs = storeOrUndefined(this.instance, row.storage_id);
      if (blobs === undefined) absent.set(row.id, this.#notAsked(row));
      else if (liesHere(blobs)) here.push(row);
      else if (awaited.has(row.id)) absent.set(row.id, notFetchedError(row));
    }
    const places = here.map((row) => ({
      storageId: row.storage_id,
      name: storageKeyOf(row),
      isFolder: row.n_files !== null,
    }));
    const presence = await presenceOf(this.instance, places);
    here.forEach((row, index) => {
      if (presence[index] !== null) return;
      const why = awaited.has(row.id) ? notFetchedError(row) : missingBytes(row, storageKeyOf(row));
      absent.set(row.id, why);
    });
    return absent;
  }

  #notAsked(row: ArtifactRow): LaminError {
    const root = withoutPassword(this.instance.storages.get(row.storage_id)?.root ?? "nowhere");
    return new LaminError("denied", `${nameOf(row)} lies in ${root}, which may not be asked`, {
      hint: `if you trust it: lamin config set storages '${root}'`,
      data: { uid: row.uid, key: row.key, storage: root },
    });
  }

  /** Of a folder on a server, LaminDB's hash is compared with the list of its files. */
  async #checked(
    row: ArtifactRow,
    files: ContentFile[] | LaminError,
  ): Promise<readonly ContentFile[] | LaminError> {
    if (files instanceof LaminError || liesHere(this.instance.blobsOf(row.storage_id))) {
      return files;
    }
    try {
      return await checkedFiles(this.instance, row, files);
    } catch (error) {
      if (error instanceof LaminError) return error;
      throw error;
    }
  }

  #pathOf(row: ArtifactRow, { name }: ContentFile): string | undefined {
    return this.instance.blobsOf(row.storage_id).locate(name);
  }

  /** Whether a path is, with all links followed, in the storage that it is said to be in. */
  #isInside(row: ArtifactRow, path: string): boolean {
    const { files } = this.instance.host;
    if (files.lstat(path)?.kind === "symlink") return this.#isReallyInside(row, path);
    return this.#isFolderInside(row, dirname(path));
  }

  #isFolderInside(row: ArtifactRow, folder: string): boolean {
    let isInside = this.#insideFolders.get(folder);
    if (isInside === undefined) {
      isInside = this.#isReallyInside(row, folder);
      this.#insideFolders.set(folder, isInside);
    }
    return isInside;
  }

  #isReallyInside(row: ArtifactRow, path: string): boolean {
    const { files } = this.instance.host;
    const root = this.instance.storages.get(row.storage_id)!.root;
    if (!isAbsolute(root) || files.stat(path) === null) return true; // nothing is there
    return relativeTo(files.realPath(root), files.realPath(path)) !== undefined;
  }
}

function contentOf(
  row: ArtifactRow,
  sha256: string | undefined,
  files: readonly ContentFile[],
): SourceContent {
  return {
    uid: row.uid,
    name: nameOf(row),
    suffix: row.suffix,
    isFolder: row.n_files !== null,
    sha256,
    hash: row.hash,
    hashType: row._hash_type,
    size: row.size,
    files: files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  };
}

function leadsOut(row: ArtifactRow, { name }: ContentFile): LaminError {
  return new LaminError("denied", `${nameOf(row)} leads out of its storage (${name})`, {
    hint: "a link in the storage leads elsewhere, which is not followed into another instance",
    data: { uid: row.uid, key: row.key, name },
  });
}
