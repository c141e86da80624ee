import { LaminError } from "../errors.ts";
import { FileError, type Host } from "../host/host.ts";
import { allowAsFolder, makeFolder, makeFolderOnce } from "../host/shared_access.ts";
import { isProcessAlive, processMark } from "../objects/process_mark.ts";
import { join } from "../path.ts";
import { pause } from "../pause.ts";

/** Longest pause between two attempts, in milliseconds. */
const longestPauseMs = 100;

/** Who holds a lock, as it is written into it. */
interface Holder {
  readonly host: string;
  readonly process: number;
  readonly user: string | null;
  /** When it was taken, by the clock of that machine. */
  readonly since: string;
}

/**
 * A lock for file systems whose own locks fail or end at the machine: a folder that is renamed to
 * the name `held`, which every file system does for one process only as long as there is something
 * in it. In it is one file of a name that nobody else uses, with a text that says whose it is. So
 * the lock of a dead process can be taken away by that name without ever touching the next one's.
 *
 * That the folder of the lock is there is the agreement: from then on every process on every machine
 * takes the lock, whatever it knows of the file system.
 */
export class LockFolder {
  readonly #held: string;

  /** `path` is the absolute path of the lock's folder. */
  constructor(private readonly host: Host, readonly path: string) {
    this.#held = join(path, "held");
  }

  exists(): boolean {
    return this.host.files.lstat(this.path)?.kind === "directory";
  }

  make(): void {
    if (!this.exists()) makeFolderOnce(this.host.files, this.path);
  }

  /**
   * Waits up to `patienceMs` for the lock; gives the function that lets go of it.
   * @throws FileError where this user may not write; code "busy" with who holds the lock.
   */
  acquire(patienceMs: number): () => void {
    const { files } = this.host;
    const token = this.host.randomBytes(8).toHex();
    const own = join(this.path, token);
    makeFolder(files, own);
    try {
      files.writeFile(join(own, token), new TextEncoder().encode(this.#text()));
      allowAsFolder(files, join(own, token), 0o666);
      this.#wait(own, token, patienceMs);
    } catch (error) {
      unlessRefused(() => files.removeTree(own));
      throw error;
    }
    this.#sweep(token);
    return () => this.#letGo(token);
  }

  #wait(own: string, ownToken: string, patienceMs: number): void {
    const endMs = this.host.now().getTime() + patienceMs;
    for (let pauseMs = 1;; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (this.#take(own)) return;
      const token = this.#tokenIn(this.#held);
      // A server may say that it failed to do what it did: the answer to the first call was lost.
      if (token === ownToken) return;
      const text = token === undefined ? undefined : this.#read(this.#held, token);
      if (token !== undefined && text !== undefined && this.#isDead(text)) this.#letGo(token);
      else if (token === undefined) unlessRefused(() => this.host.files.remove(this.#held));
      else if (this.host.now().getTime() >= endMs) throw this.#busy(text);
      else pause(pauseMs * (0.5 + this.host.randomBytes(1)[0]! / 256));
    }
  }

  /** An empty `held` makes room on most systems, and is removed on the others. */
  #take(own: string): boolean {
    try {
      this.host.files.rename(own, this.#held);
      return true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      // Windows and some servers forbid to rename over a folder, whatever is in it, in words of
      // their own.
      const isTaken = ["ENOTEMPTY", "EEXIST"].includes(error.code) ||
        this.host.files.lstat(this.#held) !== null;
      if (isTaken) return false;
      throw error;
    }
  }

  #letGo(token: string): void {
    unlessRefused(() => this.host.files.remove(join(this.#held, token)));
    // Refused when the next one has it already, or when it is gone.
    unlessRefused(() => this.host.files.remove(this.#held));
  }

  /** Removes what processes left that died while they waited. */
  #sweep(token: string): void {
    for (const { name } of this.host.files.readDirectory(this.path)) {
      if (name === "held" || name === token) continue;
      const text = this.#read(join(this.path, name), name);
      if (text !== undefined && this.#isDead(text)) {
        unlessRefused(() => this.host.files.removeTree(join(this.path, name)));
      }
    }
  }

  #tokenIn(folder: string): string | undefined {
    return unlessRefused(() => this.host.files.readDirectory(folder))?.[0]?.name;
  }

  #read(folder: string, token: string): string | undefined {
    const bytes = unlessRefused(() => this.host.files.readFile(join(folder, token)));
    return bytes && new TextDecoder().decode(bytes);
  }

  #text(): string {
    const holder: Holder = {
      host: this.host.hostName(),
      process: this.host.processId(),
      user: this.host.userName() ?? null,
      since: this.host.now().toISOString(),
    };
    return `${JSON.stringify(holder)}\n${processMark(this.host)}`;
  }

  #isDead(text: string): boolean {
    return isProcessAlive(this.host, text.slice(text.indexOf("\n") + 1)) === false;
  }

  #busy(text: string | undefined): LaminError {
    const { host, process, user, since } = holderIn(text);
    const who = `process ${process ?? "?"} of ${user ?? "somebody"} on ${host ?? "a machine"}`;
    return new LaminError("busy", `${who} has held this instance since ${since ?? "some time"}`, {
      hint: `wait for it to end; if it ended without letting go, remove ${this.#held}`,
      data: { path: this.#held, host, process, user, since },
    });
  }
}

/** What can be read of a holder: the text is anybody's. */
function holderIn(text: string | undefined): Partial<Record<keyof Holder, string | number>> {
  try {
    const holder: unknown = JSON.parse(text?.split("\n")[0] ?? "");
    const entries = Object.entries(holder ?? {}).filter(([, value]) =>
      typeof value === "string" || typeof value === "number"
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** Does `work`; undefined where the file system refuses, for whatever reason. */
function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
