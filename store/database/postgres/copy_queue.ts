/** So much is sent at once, by one statement for each table. */
const batchBytes = 4 << 20;

const encoder = new TextEncoder();

/** Sends texts by a `COPY … FROM STDIN`, and waits until the server took them in. */
export type SendCopy = (sql: string, texts: readonly Uint8Array[]) => Promise<void>;

/**
 * Texts on their way into tables. They wait until there are enough of them, and while the server
 * takes those in the next ones are made: it has something to do as long as it is the slower one,
 * though a connection copies into one table at a time and rows of two come in turns.
 */
export class CopyQueue {
  readonly #waiting = new Map<string, Uint8Array[]>();
  #bytes = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(private readonly send: SendCopy) {}

  /** Throws what an earlier copy failed at. */
  async push(sql: string, text: string): Promise<void> {
    // A text that is put together of many is kept with all of them.
    const bytes = encoder.encode(text);
    const waiting = this.#waiting.get(sql);
    if (waiting === undefined) this.#waiting.set(sql, [bytes]);
    else waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= batchBytes) {
      await this.#sending;
      this.#start();
    }
    // What is being sent goes on only while nothing else is done here.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Sends all that waits. Throws what it, or an earlier copy, failed at. */
  async settle(): Promise<void> {
    await this.#sending;
    if (this.#bytes > 0) this.#start();
    await this.#sending;
  }

  /** Lets what waits go, and waits for what was sent, however that ends. */
  async drop(): Promise<void> {
    this.#take();
    await this.#sending.catch(() => {});
    this.#sending = Promise.resolve();
  }

  #start(): void {
    const copies = this.#take();
    this.#sending = (async () => {
      for (const [sql, texts] of copies) await this.send(sql, texts);
    })();
    this.#sending.catch(() => {}); // whoever comes next is told
  }

  #take(): [sql: string, texts: Uint8Array[]][] {
    const copies = [...this.#waiting];
    this.#waiting.clear();
    this.#bytes = 0;
    return copies;
  }
}
