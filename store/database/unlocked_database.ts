import { LaminError } from "../errors.ts";
import { fileFailure } from "../host/file_failure.ts";
import { FileError } from "../host/host.ts";
import { pause } from "../pause.ts";
import type { Database, Dialect, Reader, Writer } from "./database.ts";
import type { Place } from "./place.ts";
import { openSqlite } from "./sqlite.ts";
import { databaseError, isFull } from "./sqlite_failure.ts";

/** How long to wait for a writer to be done, in milliseconds, where no lock tells. */
const patienceMs = 3000;

/**
 * Opens a database for one who may only read it: without locks, and without making anything beside
 * it. Throws code "denied" while there is something beside it that is not yet in it; `reason` is
 * why it is not opened in another way.
 */
export function openUnlocked(place: Place, reason: unknown): Database {
  const { host, sqlite } = place;
  const endMs = host.now().getTime() + patienceMs;
  let seen = look(place);
  while (seen.beside !== "" && host.now().getTime() < endMs) {
    pause(50);
    seen = look(place);
  }
  const whyReadOnly = isFull(reason) ? asLaminError(reason, sqlite.path) : undefined;
  if (seen.beside !== "") throw whyReadOnly ?? unfinished(sqlite.path, reason);
  const database = openSqlite({ ...sqlite, readOnly: true, parameters: "immutable=1" });
  return new UnlockedDatabase(database, whyReadOnly, () => {
    const now = look(place);
    return now.beside === "" && now.file === seen.file;
  });
}

function asLaminError(reason: unknown, path: string): LaminError | undefined {
  if (reason instanceof FileError) return fileFailure(reason);
  const error = databaseError(reason, path);
  return error instanceof LaminError ? error : undefined;
}

/** How the files are; an empty log may come and go. */
function look({ host, sqlite }: Place): { file: string; beside: string } {
  const [file, ...beside] = ["", "-wal", "-journal"].map((end) => {
    const stat = host.files.stat(sqlite.path + end);
    if (stat === null || stat.size === 0) return "";
    return `${stat.size} ${stat.modifiedMs} ${stat.changedMs} ${stat.inode}`;
  });
  return { file: file!, beside: beside.join("") };
}

/** What is in a log or journal belongs to the database, and only a writer can bring it there. */
function unfinished(path: string, cause: unknown): LaminError {
  return new LaminError("denied", `${path} has changes beside it that are not yet in it`, {
    hint: "somebody who may write there has to run a command first, for example 'lamin status'",
    data: { path },
    cause,
  });
}

/**
 * A database that is read while nothing keeps others from writing. What was read meanwhile is torn:
 * each read is thrown away with code "busy" when the file is not the same as when it was opened.
 */
class UnlockedDatabase implements Database {
  readonly readOnly = true;

  constructor(
    private readonly inner: Database,
    readonly whyReadOnly: LaminError | undefined,
    private readonly isSame: () => boolean,
  ) {}

  get dialect(): Dialect {
    return this.inner.dialect;
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#checked(() => this.inner.read(work));
  }

  write<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    if (this.whyReadOnly !== undefined) throw this.whyReadOnly;
    return this.inner.write(work);
  }

  get fixedFile(): string | undefined {
    return this.inner.fixedFile;
  }

  /** None: it stands for a state that others may change unseen. */
  stamp(): undefined {
    return undefined;
  }

  stampAfterWrite(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  shadow(views: ReadonlyMap<string, string>): Promise<void> {
    return this.#checked(() => this.inner.shadow(views));
  }

  check(): Promise<string[]> {
    return this.#checked(() => this.inner.check());
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async #checked<T>(work: () => Promise<T>): Promise<T> {
    const result = await work().then((value) => ({ value }), (error: unknown) => ({ error }));
    // Torn pages show as any fault: the cause is told, not the symptom.
    if (!this.isSame()) {
      throw new LaminError("busy", "another process wrote to this instance while it was read", {
        hint: "run the command again",
      });
    }
    if ("error" in result) throw result.error;
    return result.value;
  }
}
