import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { identityOf, type InstanceIdentity } from "../../instance/identity.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Registry } from "../../registry/registry.ts";
import { type Conflicts, conflictsBetween } from "./contents.ts";
import { compareLogs, type LogsCompared } from "./logs.ts";
import { type UnloggedChange, unloggedChanges } from "./rows.ts";

/** What an instance is to another folder with one. */
export type Relation =
  | "same" // both have the same operations
  | "ahead" // this one has more
  | "behind" // the other one has more
  | "diverged" // each has some that the other one lacks
  | "other instance"; // they never were one

/** One of the two folders. */
export interface Side {
  readonly root: string;
  readonly identity: InstanceIdentity;
  /** Uid of the storage that the database lies in, which is random. */
  readonly storageUid: string;
}

export interface Comparison {
  readonly relation: Relation;
  readonly here: Side;
  readonly there: Side;
  /** Undefined for another instance, as is all below. */
  readonly logs: LogsCompared | undefined;
  /** Changes of rows that no operation explains, by table. */
  readonly unlogged: readonly UnloggedChange[];
  readonly conflicts: Conflicts;
}

export interface CompareRequest {
  /** Of LaminDB and all modules. */
  readonly registries: readonly Registry[];
  /** How many operations of each side are to be given. */
  readonly limit: number;
}

/**
 * Compares this instance with a copy of it in another folder: by their operation logs, and row by
 * row, since Python changes rows without an operation. Nothing is changed; the other one is only
 * read, on one snapshot.
 *
 * Throws code "usage" when both are one folder, "damaged" when the other one cannot be read.
 */
export async function compareCopies(
  instance: Instance,
  other: Instance,
  request: CompareRequest,
): Promise<Comparison> {
  if (instance.location.root === other.location.root) {
    throw new LaminError("usage", `${other.location.root} is this very instance`, {
      hint: "name the folder of a copy of it",
    });
  }
  const [here, there] = [await sideOf(instance), await sideOf(other)];
  if (here.identity.id !== there.identity.id || here.storageUid !== there.storageUid) {
    const conflicts = { count: 0, artifacts: [] };
    return { relation: "other instance", here, there, logs: undefined, unlogged: [], conflicts };
  }
  try {
    return await instance.database.read((reader) =>
      other.database.read(async (otherReader) => ({
        here,
        there,
        ...await compareRows(reader, otherReader, request),
      }))
    );
  } catch (error) {
    throw isOfDatabase(error) ? unreadable(other.location.root, error) : error;
  }
}

/** A table that is not as it should be: columns that are missing, values of another kind. */
function isOfDatabase(error: unknown): error is Error {
  const { code } = error as { readonly code?: unknown };
  return !(error instanceof LaminError) && typeof code === "string" && code.startsWith("ERR_");
}

function unreadable(root: string, cause: Error): LaminError {
  return new LaminError("damaged", `cannot compare with ${root}: ${cause.message}`, {
    hint: `'lamin -C ${root} fsck' says more`,
    data: { path: root },
    cause,
  });
}

async function sideOf(instance: Instance): Promise<Side> {
  return {
    root: instance.location.root,
    identity: await identityOf(instance),
    storageUid: instance.ownStorage.uid,
  };
}

async function compareRows(
  here: Reader,
  there: Reader,
  { registries, limit }: CompareRequest,
): Promise<Omit<Comparison, "here" | "there">> {
  const logs = await compareLogs(here, there, limit);
  const unlogged = await unloggedChanges(here, there, registries, logs);
  const relation = relationOf(logs);
  const conflicts = relation !== "same" || unlogged.length > 0
    ? await conflictsBetween(here, there)
    : { count: 0, artifacts: [] };
  return { relation, logs, unlogged, conflicts };
}

function relationOf({ here, there }: LogsCompared): Relation {
  if (here.count > 0) return there.count > 0 ? "diverged" : "ahead";
  return there.count > 0 ? "behind" : "same";
}

/** Whether two folders are anything but the same state of one instance. */
export function isDifferent({ relation, unlogged }: Comparison): boolean {
  return relation !== "same" || unlogged.length > 0;
}
