import { LaminError } from "../../../store/errors.ts";
import { fileFailure } from "../../../store/host/file_failure.ts";
import { FileError } from "../../../store/host/host.ts";
import type { StagedBlob } from "../../../store/objects/blob_store.ts";
import { concurrently, requestsAtOnce } from "../../concurrently.ts";
import type { CarryTools } from "./carry_file.ts";
import type { CarryJob } from "./jobs.ts";

/** Files up to this size come many at a time; of larger ones each has requests of its own. */
const smallBytesMax = 4 * 1024 * 1024;
const largeAtOnce = 3;

/** Jobs that are published together. */
export class CarryChunk {
  /** What is staged of each artifact, to be dropped where a later file of it fails. */
  readonly #staged = new Map<string, StagedBlob[]>();
  readonly #aliased = new Set<string>();

  /**
   * `aliasOf` gives the name under which the target has a file of a folder already, by SHA-256;
   * `failures` takes why artifacts failed, by uid.
   */
  constructor(
    private readonly tools: CarryTools,
    private readonly aliasOf: (sha256: string) => string | undefined,
    private readonly failures: Map<string, LaminError>,
  ) {}

  /** Stages all jobs; gives how many files are done. */
  async carry(jobs: readonly CarryJob[]): Promise<number> {
    const rest = jobs.filter((job) => !this.#alias(job));
    let files = jobs.length - rest.length;
    const work = async (job: CarryJob) => {
      if (this.failures.has(job.content.uid)) return;
      await this.#stage(job);
      if (!this.failures.has(job.content.uid)) files += job.files;
    };
    const { here = [], small = [], large = [] } = Object.groupBy(
      rest,
      (job) => job.isLocal ? "here" : job.bytes <= smallBytesMax ? "small" : "large",
    );
    for (const job of here) await work(job);
    await concurrently(small, requestsAtOnce, work);
    await concurrently(large, largeAtOnce, work);
    return files;
  }

  /**
   * Publishes what was staged. False where a file that was to be linked is gone: then nothing of
   * the batch can be used, and the artifacts that needed it failed.
   */
  async publish(): Promise<boolean> {
    try {
      await this.tools.batch.publish();
      return true;
    } catch (error) {
      const isGone = error instanceof LaminError && error.code === "not_found";
      if (!isGone || this.#aliased.size === 0) throw error;
      for (const uid of [...this.#aliased, ...this.#staged.keys()]) {
        this.failures.set(uid, collectedMeanwhile(uid));
      }
      return false;
    }
  }

  #alias({ content: { uid }, member }: CarryJob): boolean {
    const existing = member && this.aliasOf(member.sha256);
    if (existing === undefined || existing === member!.name) return false;
    this.tools.batch.alias(existing, member!.name);
    this.#aliased.add(uid);
    return true;
  }

  async #stage(job: CarryJob): Promise<void> {
    const { uid } = job.content;
    const { batch } = this.tools;
    try {
      const staged = await job.stage(this.tools);
      for (const [name, blob] of staged) {
        // Another of its files may have failed meanwhile.
        if (this.failures.has(uid)) batch.drop(blob);
        else if (batch.name(blob, name)) this.#hold(uid, blob);
      }
    } catch (error) {
      this.failures.set(uid, faultOf(this.tools, job, error));
      for (const blob of this.#staged.get(uid) ?? []) batch.drop(blob);
      this.#staged.delete(uid);
    }
  }

  #hold(uid: string, blob: StagedBlob): void {
    const blobs = this.#staged.get(uid);
    if (blobs === undefined) this.#staged.set(uid, [blob]);
    else blobs.push(blob);
  }
}

/** What concerns one artifact; anything else would meet all of them, and is thrown again. */
const ofOneArtifact: ReadonlySet<LaminError["code"]> = new Set([
  "damaged",
  "not_found",
  "not_fetched",
  "conflict",
  "denied",
]);

function faultOf({ source }: CarryTools, { content }: CarryJob, error: unknown): LaminError {
  if (error instanceof LaminError && ofOneArtifact.has(error.code)) return error;
  if (!(error instanceof FileError)) throw error;
  const isAtSource = content.files.some(({ path }) =>
    source.locate(content.uid, path) === error.path
  );
  if (isAtSource) return fileFailure(error);
  throw error;
}

function collectedMeanwhile(uid: string): LaminError {
  return new LaminError(
    "conflict",
    "a file that it shares with another folder was just collected",
    {
      hint: "run the command again",
      data: { uid },
    },
  );
}
