import { LaminError } from "../../../store/errors.ts";
import { formatManifest, manifestSha256 } from "../../identity/manifest.ts";
import { liesHere } from "../../artifact/lies_here.ts";
import type { Instance } from "../../instance/instance.ts";
import { objectNameOf } from "./object_name.ts";
import { settledAmong, settledAtHome } from "./settled.ts";
import type { ContentSource, SourceContent } from "./source.ts";
import { presentFiles, storedMembers, type WantedFile } from "./target_files.ts";

/** An artifact whose bytes the target is to have, as far as it has to be remembered. */
export interface PlannedContent {
  readonly uid: string;
  /** The object that is to hold it; undefined where nobody knows the SHA-256 yet. */
  readonly object: string | undefined;
  /** Files and bytes that have to move; 0 where all of them are there and only rows are missing. */
  readonly files: number;
  readonly bytes: number;
  /** Paths of those files of a folder that are there; undefined for none. */
  readonly present?: ReadonlySet<string>;
}

/** An artifact whose bytes cannot be had, and why. */
export interface LackingContent {
  readonly uid: string;
  readonly why: LaminError;
}

export interface ContentsPlan {
  /** Artifacts to be brought, in the order of the uids. */
  readonly planned: readonly PlannedContent[];
  /** How many artifacts need nothing: their bytes are there, or are read where they lie. */
  readonly settled: number;
  /** How many contents the target has though no row says so. */
  readonly there: number;
  /** What moves. */
  readonly objects: number;
  readonly files: number;
  readonly bytes: number;
  readonly lacking: readonly LackingContent[];
}

/** How many artifacts are described at a time. */
const describedAtOnce = 1000;

export interface PlanOptions {
  /** Whether those come too that the target reads where they lie, in storages of others. */
  readonly evenElsewhere?: boolean | undefined;
}

/**
 * What it takes for the target to have the bytes of artifacts, which need no rows there yet:
 * nothing is changed. The source is asked about a thousand at a time, and the target, where it is
 * on a server, once for all.
 */
export async function planContents(
  target: Instance,
  source: ContentSource,
  uids: readonly string[],
  { evenElsewhere = false }: PlanOptions = {},
): Promise<ContentsPlan> {
  const planner = new Planner(target, source, evenElsewhere);
  for (let start = 0; start < uids.length; start += describedAtOnce) {
    await planner.take(uids.slice(start, start + describedAtOnce));
  }
  return await planner.finish();
}

interface Wanted {
  readonly uid: string;
  readonly object: string;
  readonly isFolder: boolean;
  readonly files: readonly (WantedFile & { readonly path: string })[];
}

class Planner {
  readonly #byUid = new Map<string, PlannedContent>();
  readonly #lacking: LackingContent[] = [];
  readonly #objects = new Set<string>();
  #settled = 0;
  #there = 0;
  #waiting: Wanted[] = [];

  constructor(
    private readonly target: Instance,
    private readonly source: ContentSource,
    private readonly evenElsewhere: boolean,
  ) {}

  async take(uids: readonly string[]): Promise<void> {
    const settled = this.evenElsewhere
      ? await settledAtHome(this.target, uids)
      : await settledAmong(this.target, uids);
    this.#settled += settled.size;
    const open = uids.filter((uid) => !settled.has(uid));
    if (open.length === 0) return;
    const described = await this.source.describe(open, this.evenElsewhere);
    for (const uid of open) await this.#takeOne(uid, described.get(uid) ?? unknown(uid));
    if (liesHere(this.target.blobs)) await this.#look();
  }

  async finish(): Promise<ContentsPlan> {
    await this.#look();
    const planned = [...this.#byUid.values()];
    const moving = planned.filter(({ files }) => files > 0);
    return {
      planned,
      settled: this.#settled,
      there: this.#there,
      objects: moving.length,
      files: moving.reduce((sum, { files }) => sum + files, 0),
      bytes: moving.reduce((sum, { bytes }) => sum + bytes, 0),
      lacking: this.#lacking,
    };
  }

  async #takeOne(uid: string, described: SourceContent | LaminError): Promise<void> {
    if ("isElsewhere" in described && !this.evenElsewhere) {
      this.#settled++;
      return;
    }
    const content = described instanceof LaminError
      ? described
      : await checkedContent(this.target, described);
    if (content instanceof LaminError) {
      this.#lacking.push({ uid, why: content });
      return;
    }
    const files = content.files.length;
    const bytes = content.size ?? 0;
    const object = content.sha256 === undefined
      ? undefined
      : objectNameOf(content.sha256, content.suffix);
    // Where several artifacts have one object, it moves with the first.
    const isRepeated = object !== undefined && this.#objects.has(object);
    this.#byUid.set(uid, {
      uid,
      object,
      files: isRepeated ? 0 : files,
      bytes: isRepeated ? 0 : bytes,
    });
    if (object === undefined || isRepeated) return;
    this.#objects.add(object);
    this.#waiting.push({
      uid,
      object,
      isFolder: content.isFolder,
      files: wantedOf(content, object),
    });
  }

  /** Asks the target for all files that were wanted since the last time. */
  async #look(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const present = await presentFiles(this.target, waiting.flatMap(({ files }) => files));
    const absent = waiting.flatMap(({ isFolder, files }) =>
      isFolder ? files.filter(({ name }) => !present.has(name)) : []
    );
    const elsewhere = await storedMembers(this.target, absent);
    for (const { uid, object, files } of waiting) {
      const missing = files.filter(({ name }) => !present.has(name));
      if (missing.length === 0) this.#there++;
      const moving = missing.filter(({ sha256 }) => !elsewhere.has(sha256));
      const isPartial = missing.length > 0 && missing.length < files.length;
      const there = files.filter(({ name }) => present.has(name)).map(({ path }) => path);
      this.#byUid.set(uid, {
        uid,
        object,
        files: missing.length,
        bytes: moving.reduce((sum, { size }) => sum + size, 0),
        ...(isPartial ? { present: new Set(there) } : {}),
      });
    }
  }
}

function wantedOf({ isFolder, files }: SourceContent, object: string): Wanted["files"] {
  return files.map(({ path, size, sha256 }) => ({
    path,
    name: isFolder ? `${object}/${path}` : object,
    size: size!,
    sha256: sha256!,
  }));
}

/**
 * What a source says, when it can be so: names that become paths here are made of it. A folder
 * whose files are not those of its manifest has none.
 */
export async function checkedContent(
  target: Instance,
  content: SourceContent,
): Promise<SourceContent | LaminError> {
  const { suffix, sha256, isFolder, files } = content;
  if (!isSuffix(suffix)) return unsound(content, `its suffix is ${JSON.stringify(suffix)}`);
  if (files.length === 0) return unsound(content, "it has no files");
  if (!isFolder && (files.length > 1 || files[0]!.path !== "")) {
    return unsound(content, "it is a file and has several");
  }
  if (sha256 === undefined) return content;
  if (!/^[0-9a-f]{64}$/.test(sha256)) return unsound(content, "its SHA-256 is none");
  if (!isFolder) {
    const [file] = files;
    if (file!.sha256 !== sha256) return unsound(content, "it has two hashes");
    return file!.size === null ? { ...content, sha256: undefined } : content;
  }
  try {
    const manifest = formatManifest(
      files.map(({ path, size, sha256 }) => ({ path, size: size ?? -1, sha256: sha256 ?? "" })),
    );
    const isRight = manifestSha256(await target.host.hashing(), manifest) === sha256;
    return isRight ? content : unsound(content, "the list of its files is not the recorded one");
  } catch (error) {
    if (error instanceof LaminError) return unsound(content, error.message);
    throw error;
  }
}

function isSuffix(suffix: string): boolean {
  return suffix === "" || /^\.[^/\\\0]*$/.test(suffix);
}

function unsound({ uid, name }: SourceContent, why: string): LaminError {
  return new LaminError("damaged", `what the source says of ${name} cannot be: ${why}`, {
    hint: "'lamin fsck' there tells more",
    data: { uid },
  });
}

function unknown(uid: string): LaminError {
  return new LaminError("not_found", `the source has no artifact ${uid}`, { data: { uid } });
}
