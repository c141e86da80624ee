import type { Worker } from "node:worker_threads";
import type { PartHasher } from "./host.ts";
import { type PartHashAnswer, type PartHashData, partHashThread } from "./part_hash_thread.ts";
import { startThread } from "./start_thread.ts";

/** Bytes are handed over in shared memory: Deno takes 100 ms to send a thread a MiB. */
const [slotSize, slots] = [1 << 20, 4];

/**
 * Starts another thread that hashes what it is given; undefined where it would only take turns with
 * this one.
 */
export function startPartHasher(partSize: number): PartHasher | undefined {
  const memory = new SharedArrayBuffer(slots * slotSize);
  const worker = startThread(partHashThread, { partSize, memory, slotSize } satisfies PartHashData);
  return worker && new ThreadPartHasher(worker, memory);
}

class ThreadPartHasher implements PartHasher {
  readonly #free = Array.from({ length: slots }, (_, slot) => slot);
  #isOver = false;
  #digests: Uint8Array | undefined;
  /** Tells who waits that something came from the thread. */
  #tell: () => void = () => {};

  constructor(private readonly worker: Worker, private readonly memory: SharedArrayBuffer) {
    worker.on("message", (answer: PartHashAnswer) => this.#take(answer));
    for (const event of ["error", "exit"]) worker.on(event, () => this.#end());
  }

  async update(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += slotSize) {
      while (this.#free.length === 0 && !this.#isOver) await this.#told();
      if (this.#isOver) return;
      const slot = this.#free.pop()!;
      const piece = bytes.subarray(offset, offset + slotSize);
      new Uint8Array(this.memory, slot * slotSize, piece.length).set(piece);
      this.worker.postMessage({ slot, length: piece.length });
    }
  }

  async digests(): Promise<readonly Uint8Array[] | undefined> {
    if (!this.#isOver) this.worker.postMessage("end");
    while (!this.#isOver) await this.#told();
    await this.close();
    const all = this.#digests;
    const count = (all?.length ?? 0) / 32;
    return all && Array.from({ length: count }, (_, nth) => all.subarray(32 * nth, 32 * nth + 32));
  }

  async close(): Promise<void> {
    this.#end();
    await this.worker.terminate();
  }

  #take(answer: PartHashAnswer): void {
    if ("slot" in answer) {
      this.#free.push(answer.slot);
      return this.#tell();
    }
    this.#digests = answer.digests;
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#tell();
  }

  #told(): Promise<void> {
    return new Promise((resolve) => this.#tell = resolve);
  }
}
