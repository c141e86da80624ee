import type { Database, Dialect, Reader, Writer } from "./database.ts";
import type { LockFolder } from "./lock_folder.ts";
import { busyTimeoutMs } from "./sqlite_connection.ts";

/**
 * A database whose every transaction is the only one there is: it holds a lock of ours meanwhile.
 * Readers take it as well, since a rollback journal is written back by whoever comes first, and a
 * page that is written while it is read is torn.
 */
export class LockedDatabase implements Database {
  #depth = 0;

  constructor(private readonly inner: Database, private readonly lock: LockFolder) {}

  get dialect(): Dialect {
    return this.inner.dialect;
  }

  get readOnly(): boolean {
    return this.inner.readOnly;
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#alone(() => this.inner.read(work));
  }

  write<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    return this.#alone(() => this.inner.write(work));
  }

  /** None: it stands for a state that others may change unseen. */
  stamp(): undefined {
    return undefined;
  }

  stampAfterWrite(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  shadow(views: ReadonlyMap<string, string>): Promise<void> {
    return this.#alone(() => this.inner.shadow(views));
  }

  check(): Promise<string[]> {
    return this.#alone(() => this.inner.check());
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    // What is read inside a transaction belongs to it.
    const letGo = this.#depth === 0 ? this.lock.acquire(busyTimeoutMs) : () => {};
    this.#depth++;
    try {
      return await work();
    } finally {
      this.#depth--;
      letGo();
    }
  }
}
