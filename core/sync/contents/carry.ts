import { LaminError } from "../../../store/errors.ts";
import { liesHere } from "../../artifact/lies_here.ts";
import type { Instance } from "../../instance/instance.ts";
import { CarryChunk } from "./carry_chunk.ts";
import type { CarryTools } from "./carry_file.ts";
import { groupsOf } from "./groups.ts";
import { type CarryJob, fileJobs, unhashedJob } from "./jobs.ts";
import {
  checkedContent,
  type ContentsPlan,
  type LackingContent,
  type PlannedContent,
} from "./plan.ts";
import type { ContentSource, SourceContent } from "./source.ts";
import { type StoredContent, storedContent } from "./stored.ts";
import { storedMembers } from "./target_files.ts";

export interface CarryOptions {
  /** Called with each piece that was read, and with each file done. */
  readonly onProgress?: (bytes: number, files: number) => void;
}

/** What carrying came to. */
export interface Carried {
  /** What the target has now, and no rows may say yet. */
  readonly stored: readonly StoredContent[];
  /** What could not be had; the rest was carried all the same. */
  readonly failed: readonly LackingContent[];
  /** What was moved. */
  readonly objects: number;
  readonly files: number;
  readonly bytes: number;
  /** To be called in `finally`, once rows speak of the objects: until then `gc` leaves them. */
  readonly end: () => void;
}

/**
 * Brings contents into the storage of the target that new artifacts go to, as objects, each checked
 * by its SHA-256. They are published some dozen MiB at a time, so that what was interrupted
 * leaves whole objects, and the next plan has only the rest. A content that the source does not
 * have any more, or damaged, is named and the others go on; a failure of the target or of the way
 * to the source ends it.
 */
export async function carryContents(
  target: Instance,
  source: ContentSource,
  plan: Pick<ContentsPlan, "planned">,
  { onProgress }: CarryOptions = {},
): Promise<Carried> {
  const carrier = new Carrier(target, source, onProgress ?? (() => {}));
  try {
    await carrier.tidyUp();
    for (const group of groupsOf(plan.planned)) await carrier.take(group);
  } catch (error) {
    carrier.end();
    throw error;
  }
  const { stored, failed, objects, files, bytes } = carrier;
  return { stored, failed, objects, files, bytes, end: () => carrier.end() };
}

class Carrier {
  readonly stored: StoredContent[] = [];
  readonly failed: LackingContent[] = [];
  objects = 0;
  files = 0;
  bytes = 0;
  #batch;
  /** Why objects failed that other artifacts have too. */
  readonly #failedObjects = new Map<string, LaminError>();
  /** Files of folders that were carried before, by SHA-256. */
  readonly #members = new Map<string, string>();

  constructor(
    private readonly target: Instance,
    private readonly source: ContentSource,
    private readonly onProgress: (bytes: number, files: number) => void,
  ) {
    this.#batch = target.blobs.batch();
  }

  /** Removes what processes that died had staged, also where nothing is to be published. */
  async tidyUp(): Promise<void> {
    await this.#batch.publish();
  }

  end(): void {
    this.#batch.discard();
  }

  async take(group: readonly PlannedContent[]): Promise<void> {
    this.target.host.tidyMemory();
    const described = await this.source.describe(group.map(({ uid }) => uid), true);
    const failures = new Map<string, LaminError>();
    const known: [PlannedContent, SourceContent][] = [];
    const unhashed: SourceContent[] = [];
    for (const planned of group) {
      const content = await this.#asPlanned(planned, described.get(planned.uid));
      if (content instanceof LaminError) failures.set(planned.uid, content);
      else if (planned.object === undefined) unhashed.push(content);
      else known.push([planned, content]);
    }
    const found = await this.#carry(known, unhashed, failures);
    this.objects += found.length;
    for (const [{ uid, object, files: missing }, content] of known) {
      const ofObject = missing === 0 ? this.#failedObjects.get(object!) : undefined;
      const failure = failures.get(uid) ?? ofObject;
      if (failure !== undefined) {
        failures.set(uid, failure);
        this.#failedObjects.set(object!, failure);
        continue;
      }
      if (missing > 0) this.objects++;
      const files = content.files.map(({ path, size, sha256 }) => ({
        path,
        size: size!,
        sha256: sha256!,
      }));
      this.stored.push(storedContent(content, object!, content.sha256!, files));
    }
    this.stored.push(...found.filter(({ uid }) => !failures.has(uid)));
    for (const [uid, why] of failures) this.failed.push({ uid, why });
  }

  /** What the source says now, when it is what it said when the plan was made. */
  async #asPlanned(
    { uid, object }: PlannedContent,
    described: SourceContent | LaminError | undefined,
  ): Promise<SourceContent | LaminError> {
    if (described === undefined) return noLongerThere(uid);
    if (described instanceof LaminError) return described;
    const content = await checkedContent(this.target, described);
    if (content instanceof LaminError || object === undefined) return content;
    const isSame = content.sha256 !== undefined && object.includes(content.sha256) &&
      object.endsWith(content.suffix);
    return isSame ? content : changedMeanwhile(content);
  }

  /** Gives what was found of contents that nobody had hashed before. */
  async #carry(
    known: readonly [PlannedContent, SourceContent][],
    unhashed: readonly SourceContent[],
    failures: Map<string, LaminError>,
  ): Promise<StoredContent[]> {
    const hashing = await this.target.host.hashing();
    const jobs: CarryJob[] = known.flatMap(([planned, content]) =>
      fileJobs(planned, content, this.source)
    );
    const members = jobs.flatMap(({ member }) => member === undefined ? [] : [member]);
    const elsewhere = new Map(await storedMembers(this.target, members));
    const found: StoredContent[] = [];
    jobs.push(
      ...unhashed.map((content) =>
        unhashedJob(content, this.source, (stored) => found.push(stored))
      ),
    );
    for (const piece of groupsOf(jobs)) {
      const tools: CarryTools = {
        host: this.target.host,
        hashing,
        source: this.source,
        batch: this.#batch,
        isTargetHere: liesHere(this.target.blobs),
        progress: (bytes) => {
          this.bytes += bytes;
          this.onProgress(bytes, 0);
        },
      };
      const aliasOf = (sha256: string) => this.#members.get(sha256) ?? elsewhere.get(sha256);
      const chunk = new CarryChunk(tools, aliasOf, failures);
      const done = await chunk.carry(piece);
      this.files += done;
      this.onProgress(0, done);
      if (!await chunk.publish()) {
        this.#batch.discard();
        this.#batch = this.target.blobs.batch();
      }
      this.#remember(piece, failures);
    }
    return found;
  }

  #remember(jobs: readonly CarryJob[], failures: ReadonlyMap<string, LaminError>): void {
    for (const { content, member } of jobs) {
      if (member === undefined || failures.has(content.uid)) continue;
      if (this.#members.size < rememberedMax) this.#members.set(member.sha256, member.name);
    }
  }
}

/** How many files of folders are remembered, should they come again. */
const rememberedMax = 50_000;

function noLongerThere(uid: string): LaminError {
  return new LaminError("not_found", `the source has no artifact ${uid} any more`, {
    hint: "somebody deleted it just now",
    data: { uid },
  });
}

function changedMeanwhile({ uid, name }: SourceContent): LaminError {
  return new LaminError("conflict", `${name} changed at the source just now`, {
    hint: "run the command again",
    data: { uid },
  });
}
