import { LaminError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { BlobStore } from "./blob_store.ts";
import type { RemoteBlobStore } from "./remote/remote_store.ts";

/** One kind of call that was tried. */
export interface ProbedCall {
  /** `read`, `list`, `write`, … */
  readonly call: string;
  /** What policies call the permission, or the system call; undefined where there is none. */
  readonly permission: string | undefined;
  readonly result: "works" | "fails" | "not tried";
  /** The sentence and the hint of the failure. */
  readonly message?: string;
  readonly hint?: string;
}

/** One call to try: throws when it does not work. */
export interface Trial {
  readonly call: string;
  readonly permission?: string;
  /** Calls that have to work before this one means anything. */
  readonly needs?: readonly string[];
  work(): Promise<void>;
}

/** Where trials are written; each has a name of its own below. */
const folder = ".lamindb/probe";

/**
 * Tries each call that a storage location has to allow, with a small blob of a random name that is
 * gone afterwards, and tells of each whether it works. A call that fails does not keep the others
 * from being tried, apart from those that need what it makes.
 */
export async function probeStore(host: Host, store: BlobStore): Promise<readonly ProbedCall[]> {
  const name = `${folder}/${host.randomBytes(8).toHex()}`;
  const extra = store.kind === "s3" ? await s3Trials(store, name) : [];
  const results: ProbedCall[] = [];
  for (const trial of [...usualTrials(store, name), ...extra, ...removal(store, name)]) {
    const failed = (call: string) =>
      results.some((one) => one.call === call && one.result !== "works");
    results.push(trial.needs?.some(failed) ? untried(trial) : await tried(trial));
  }
  return results;
}

function usualTrials(store: BlobStore, name: string): Trial[] {
  const isOnS3 = store.kind === "s3";
  const permission = (text: string) => isOnS3 ? { permission: text } : {};
  return [
    {
      call: "list",
      ...permission("s3:ListBucket"),
      work: async () => void await store.entries(folder),
    },
    { call: "write", ...permission("s3:PutObject"), work: () => put(store, name) },
    {
      call: "look",
      ...permission("s3:GetObject"),
      needs: ["write"],
      work: async () => must((await store.entry(name))?.size === 5),
    },
    {
      call: "read",
      ...permission("s3:GetObject"),
      needs: ["write"],
      work: async () => {
        const reader = await store.open(name);
        try {
          must(new TextDecoder().decode(await reader.read(0, 5)) === "probe");
        } finally {
          reader.close();
        }
      },
    },
    {
      call: "copy",
      ...permission("s3:PutObject and s3:GetObject"),
      needs: ["write", "read"],
      work: async () => {
        const batch = store.batch();
        try {
          batch.alias(name, `${name}.copy`);
          await batch.publish();
        } finally {
          batch.discard();
        }
      },
    },
  ];
}

async function s3Trials(store: BlobStore, name: string): Promise<Trial[]> {
  const { s3ProbeTrials } = await import("./s3/s3_probe.ts");
  return s3ProbeTrials(await (store as RemoteBlobStore).loaded(), name);
}

function removal(store: BlobStore, name: string): Trial[] {
  return [{
    call: "remove",
    ...store.kind === "s3" ? { permission: "s3:DeleteObject" } : {},
    needs: ["write"],
    work: async () => {
      await store.remove([name, `${name}.copy`]);
      must(await store.entry(name) === undefined);
    },
  }];
}

async function put(store: BlobStore, name: string): Promise<void> {
  const batch = store.batch();
  try {
    const staged = batch.create();
    staged.write(new TextEncoder().encode("probe"));
    staged.close();
    batch.name(staged, name);
    await batch.publish();
  } finally {
    batch.discard();
  }
}

function must(isRight: boolean): void {
  if (!isRight) throw new LaminError("failed", "the server does not give what was written");
}

function untried({ call, permission }: Trial): ProbedCall {
  return { call, permission, result: "not tried" };
}

async function tried({ call, permission, work }: Trial): Promise<ProbedCall> {
  try {
    await work();
    return { call, permission, result: "works" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hint = error instanceof LaminError && error.hint !== undefined
      ? { hint: error.hint }
      : {};
    // The call that the server refused may be another one than the trial is about.
    const denied = error instanceof LaminError && typeof error.data["call"] === "string"
      ? error.data["call"]
      : permission;
    return { call, permission: denied, result: "fails", message: error.message, ...hint };
  }
}
