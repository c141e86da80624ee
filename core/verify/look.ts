import type { Hashing } from "../../store/host/host.ts";
import { LaminError } from "../../store/errors.ts";
import { BlobHasher } from "../fsck/blob_hash.ts";
import { checkBytes } from "../fsck/check_bytes.ts";
import type { Expectation } from "../fsck/expectation.ts";
import type { FindingKind, FoundContent } from "../fsck/finding.ts";
import { ServerSizes } from "../fsck/server_sizes.ts";
import type { Instance } from "../instance/instance.ts";
import { sameEtags } from "./etag.ts";
import { comparedBySize, comparedInFull, type Level } from "./level.ts";
import { sample } from "./sample.ts";

/** How the bytes of an artifact are at its place. */
export interface Look {
  readonly state: "ok" | "changed" | "missing" | "unreachable";
  /** What is wrong; undefined for nothing. */
  readonly detail: string | undefined;
  /** In words, what was compared. */
  readonly checked: string;
  /** What it turned out to have, where nothing was noted of that. */
  readonly content?: FoundContent | undefined;
}

/** Looks at bytes as closely as it was told. */
export class Looker {
  readonly #hasher: BlobHasher;
  readonly #sizes: ServerSizes;

  constructor(
    private readonly instance: Instance,
    private readonly hashing: Hashing,
    private readonly level: Level,
    onProgress: (bytes: number, files: number) => void,
    isEverything: boolean,
  ) {
    this.#hasher = new BlobHasher(hashing, new Set(), onProgress);
    this.#sizes = new ServerSizes(isEverything);
  }

  /** How some artifacts are, all of which lie in one store. */
  async look(expectations: readonly Expectation[]): Promise<Map<Expectation, Look>> {
    try {
      return await this.#look(expectations);
    } catch (error) {
      // The server itself does not answer.
      if (!(error instanceof LaminError)) throw error;
      return new Map(expectations.map((one) => [one, notThere(error.message)]));
    }
  }

  async #look(expectations: readonly Expectation[]): Promise<Map<Expectation, Look>> {
    const checked = await checkBytes(this.instance, this.hashing, expectations, {
      hasher: this.#hasher,
      reads: () => this.level === "full",
      sizes: this.#sizes,
    });
    const faults = Map.groupBy(
      checked.findings.filter(({ severity }) => severity === "damage"),
      ({ uid }) => uid!,
    );
    const contents = new Map(checked.contents.map((content) => [content.row.id, content]));
    const etags = this.level === "full"
      ? new Map<Expectation, boolean>()
      : await sameEtags(this.instance, this.hashing, expectations);
    const found = new Map<Expectation, Look>();
    for (const expectation of expectations) {
      const [fault] = faults.get(expectation.row.uid) ?? [];
      found.set(
        expectation,
        fault === undefined
          ? await this.#closer(expectation, etags.get(expectation), contents)
          : faulty(fault.kind, fault.detail, this.level),
      );
    }
    return found;
  }

  /** Of one whose sizes are right. */
  async #closer(
    expectation: Expectation,
    isSameEtag: boolean | undefined,
    contents: ReadonlyMap<number, FoundContent>,
  ): Promise<Look> {
    if (isSameEtag === false) {
      return { state: "changed", detail: "its ETag is another one", checked: "size, ETag" };
    }
    if (this.level === "full") {
      const content = contents.get(expectation.row.id);
      return { state: "ok", detail: undefined, checked: comparedInFull(expectation), content };
    }
    if (this.level === "stat") {
      const checked = comparedBySize(expectation, isSameEtag ?? false);
      return { state: "ok", detail: undefined, checked };
    }
    const tools = { host: this.instance.host, hashing: this.hashing, hasher: this.#hasher };
    const { fault, checked } = await sample(tools, expectation);
    return fault === undefined
      ? { state: "ok", detail: undefined, checked }
      : faulty(fault.kind, fault.detail, this.level);
  }
}

/** What cannot be reached at all. */
export function notThere(detail: string): Look {
  return { state: "unreachable", detail, checked: "nothing" };
}

function faulty(kind: FindingKind, detail: string, level: Level): Look {
  const state = kind === "missing"
    ? "missing"
    : kind === "unreadable" || kind === "storage"
    ? "unreachable"
    : "changed";
  const checked = kind === "damaged" ? level === "full" ? "all bytes" : "some bytes" : "size";
  return { state, detail, checked };
}
