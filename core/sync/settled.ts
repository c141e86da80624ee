import { dirname, join } from "../../store/path.ts";
import { FileError } from "../../store/host/host.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import type { Database } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { readAllowedText } from "../instance/settings.ts";

/** The states of two instances between which there was nothing to do. */
interface Settled {
  readonly source: string;
  readonly target: string;
}

/** What tells whether a database changed: an open one does, or a server for one that it has. */
export type Stamped = Pick<Database, "stamp" | "stampAfterWrite">;

/** Pairs that are remembered. */
const keptMax = 50;

/**
 * Remembers, beside the work index, in which states of two databases the source had nothing for the
 * target: as long as both stay so, nothing needs to be compared. It can be lost at any time.
 */
export class SettledStates {
  readonly #path: string;
  readonly #sourceStamp: string | undefined;

  /** `key` says which two instances, and which goes to which. */
  constructor(
    private readonly here: Instance,
    private readonly source: Stamped,
    private readonly target: Stamped,
    private readonly key: string,
  ) {
    this.#path = join(dirname(here.workIndexPath), "synced.json");
    this.#sourceStamp = source.stamp();
  }

  /** Whether nothing changed on either side since the source had nothing for the target. */
  isSettled(): boolean {
    const known = this.#read()[this.key];
    return known !== undefined && known.source === this.#sourceStamp &&
      known.target === this.target.stamp();
  }

  /** Notes that the source, as it was read, has nothing for the target. */
  async note(): Promise<void> {
    const target = await this.target.stampAfterWrite();
    const source = await this.#stampOfSource();
    if (source === undefined || target === undefined) return;
    const others = Object.entries(this.#read()).filter(([key]) => key !== this.key);
    const all = [...others.slice(1 - keptMax), [this.key, { source, target }]];
    try {
      const text = JSON.stringify(Object.fromEntries(all));
      replaceFile(this.here.host, this.#path, new TextEncoder().encode(text));
    } catch (error) {
      // Without it the next sync compares, which is all that is lost.
      if (!(error instanceof FileError)) throw error;
    }
  }

  /**
   * The stamp of what was read; undefined when another process may have changed it. Before it was
   * read the source noted what its rows are, in a transaction of its own, if it keeps such notes.
   */
  async #stampOfSource(): Promise<string | undefined> {
    const noted = await this.source.stampAfterWrite();
    if (noted !== undefined) return noted;
    const stamp = this.source.stamp();
    return stamp === this.#sourceStamp ? stamp : undefined;
  }

  #read(): Readonly<Record<string, Settled>> {
    try {
      const value: unknown = JSON.parse(readAllowedText(this.here.host, this.#path) ?? "{}");
      return typeof value === "object" && value !== null ? value as Record<string, Settled> : {};
    } catch (error) {
      if (error instanceof SyntaxError) return {};
      throw error;
    }
  }
}
