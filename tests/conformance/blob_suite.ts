import type { BlobStore } from "../../store/objects/blob_store.ts";
import { test } from "../skip.ts";
import { batchCases } from "./blob/batches.ts";
import { nameCases } from "./blob/names.ts";
import { publishCases } from "./blob/publishing.ts";
import { readingCases } from "./blob/reading.ts";
import { removalCases } from "./blob/removing.ts";

/** A fresh, empty store to be tried, and what a test needs around it. */
export interface BlobSubject {
  readonly store: BlobStore;
  /** Another handle on the same location, as another process would have. */
  readonly other: BlobStore;
  /** True where the store learns only when a batch is published what is under a name. */
  readonly isRemote?: boolean;
  /** Writes a local file outside the store; returns its absolute path. */
  file(name: string, bytes: Uint8Array): string;
  /** Removes all of it. */
  end(): void | Promise<void>;
}

export type BlobCases = Readonly<Record<string, (subject: BlobSubject) => Promise<void>>>;

const cases: BlobCases = {
  ...readingCases,
  ...nameCases,
  ...batchCases,
  ...publishCases,
  ...removalCases,
};

/** Tests that a kind of store does what store/objects/blob_store.ts says, each on a fresh one. */
export function blobSuite(
  kind: string,
  fresh: () => BlobSubject | Promise<BlobSubject>,
  missing?: string,
): void {
  runCases(kind, cases, fresh, missing);
}

/** The same for a store that only reads: what is there is put there by another way. */
export function blobReadingSuite(kind: string, fresh: () => BlobSubject): void {
  runCases(kind, readingCases, fresh);
}

function runCases(
  kind: string,
  some: BlobCases,
  fresh: () => BlobSubject | Promise<BlobSubject>,
  missing?: string,
): void {
  for (const [name, work] of Object.entries(some)) {
    test(`blob store, ${kind}: ${name}`, missing, async () => {
      const subject = await fresh();
      try {
        await work(subject);
      } finally {
        await subject.end();
      }
    });
  }
}
