/** What the thread is made with. */
export interface PartHashData {
  readonly partSize: number;
  /** Slots of `slotSize` bytes, one after the other, in which the bytes are handed over. */
  readonly memory: SharedArrayBuffer;
  readonly slotSize: number;
}

/** What it is told: in which slot the next bytes are, and how many; or that there are no more. */
export type PartHashQuestion = { readonly slot: number; readonly length: number } | "end";

/** What it tells: a slot that is free again, or at the end all digests, one after the other. */
export type PartHashAnswer =
  | { readonly slot: number }
  | { readonly digests: Uint8Array<ArrayBuffer> };

/** What `startThread` runs. */
export async function partHashThread(): Promise<void> {
  const { parentPort, workerData } = await import("node:worker_threads");
  const { createHash } = await import("node:crypto");
  const { partSize, memory, slotSize }: PartHashData = workerData;
  const digests: Uint8Array[] = [];
  let part = createHash("sha256");
  let length = 0;

  function endPart(): void {
    digests.push(part.digest());
    part = createHash("sha256");
    length = 0;
  }

  function take(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length;) {
      const piece = bytes.subarray(offset, offset + partSize - length);
      part.update(piece);
      offset += piece.length;
      length += piece.length;
      if (length === partSize) endPart();
    }
  }

  parentPort!.on("message", (question: PartHashQuestion) => {
    if (question !== "end") {
      take(new Uint8Array(memory, question.slot * slotSize, question.length));
      return parentPort!.postMessage({ slot: question.slot });
    }
    if (length > 0) endPart();
    const all = new Uint8Array(32 * digests.length);
    digests.forEach((digest, nth) => all.set(digest, 32 * nth));
    parentPort!.postMessage({ digests: all });
  });
}
