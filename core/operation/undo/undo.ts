import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { Carrier } from "../../artifact/move/carry.ts";
import { carryIndex } from "../../artifact/move/index_entries.ts";
import type { MovedArtifact } from "../../artifact/move/move.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Registry } from "../../registry/registry.ts";
import { laminObject, type OperationRow, ownTables } from "../../side_tables.ts";
import { hasVersions } from "../../version/family.ts";
import { requireOneHead } from "../../version/heads.ts";
import type { Changes } from "../changes.ts";
import { findOperation, lastOperation, standingBefore, undoneOperations } from "../history.ts";
import { mutate, type OperationName } from "../mutate.ts";
import { type FilesBack, filesBack } from "./files_back.ts";
import { laterOperations } from "./later.ts";
import { lostArtifacts, lostObjects, takenKeys } from "./artifact_obstacles.ts";
import {
  changedSince,
  missingTargets,
  referredTo,
  supersededSince,
  takenUids,
} from "./obstacles.ts";
import { reversalOf, type TableReversal } from "./reversal.ts";

export interface UndoRequest {
  readonly operation: OperationName;
  /** Uid of the operation to undo, or the start of it; without it the last one that stands. */
  readonly reference?: string;
  readonly dryRun: boolean;
  /** Of LaminDB and all modules. */
  readonly registries: readonly Registry[];
}

export interface Undone {
  /** What was, or would be, undone. */
  readonly target: OperationRow;
  readonly reversal: readonly TableReversal[];
  /** Artifacts whose files went back with their keys, or would. */
  readonly moved: readonly MovedArtifact[];
  /** Uid of the operation that did it. */
  readonly operation: string | undefined;
}

/**
 * Reverses an operation, as an operation of its own, so that undoing that one does it again. Rows
 * that it made go, rows that it deleted come back with their ids, values that it set become what
 * they were; files that moved with a key move back. Other files in the work tree and bytes stay as
 * they are.
 *
 * Throws code "conflict" that names what stands in the way: a later operation on the same rows, a
 * row that Python changed since, rows that refer to what would go, bytes that were collected.
 */
export async function undo(instance: Instance, request: UndoRequest): Promise<Undone> {
  const target = await instance.database.read((reader) =>
    request.reference === undefined
      ? lastOperation(reader)
      : findOperation(reader, request.reference)
  );
  try {
    return await undoTarget(instance, request, target);
  } catch (error) {
    if (!(error instanceof LaminError) || request.reference !== undefined) throw error;
    throw await namingEarlier(instance, target, error);
  }
}

/** Collecting garbage has no way back, and must not hide what was done before it. */
async function namingEarlier(
  instance: Instance,
  target: OperationRow,
  error: LaminError,
): Promise<LaminError> {
  const earlier = await instance.database.read((reader) => standingBefore(reader, target.id));
  if (earlier === undefined || error.code !== "conflict") return error;
  const { code, message, data, hint } = error;
  const name = `'lamin undo ${earlier.uid}' is for the one before it, ${earlier.verb}`;
  return new LaminError(code, message, { data, cause: error, hint: `${hint}; ${name}` });
}

async function undoTarget(
  instance: Instance,
  request: UndoRequest,
  target: OperationRow,
): Promise<Undone> {
  const { registries } = request;
  if (request.dryRun) {
    const plan = await instance.database.read((reader) =>
      planUndo(instance, reader, target, registries)
    );
    return { target, ...outcome(plan), operation: undefined };
  }
  const carrier = new Carrier();
  const name = { ...request.operation, undoes: target.id };
  const { result, operation } = await mutate(instance, name, async (changes) => {
    const plan = await planUndo(instance, changes.reader, target, registries);
    await apply(changes, plan.reversal);
    await carrier.begin(plan.files.moves);
    return { result: plan, summary: summaryOf(target) };
  }).catch((error) => {
    carrier.undo();
    throw error;
  });
  await carrier.finish();
  await carryIndex(instance, result.files.moved);
  return { target, ...outcome(result), operation };
}

interface Plan {
  readonly reversal: readonly TableReversal[];
  readonly files: FilesBack;
}

function outcome({ reversal, files }: Plan): Pick<Undone, "reversal" | "moved"> {
  return { reversal, moved: files.moved.filter(({ file }) => file === "moved") };
}

/** What would reverse the operation. Throws code "conflict" when something stands in the way. */
async function planUndo(
  instance: Instance,
  reader: Reader,
  target: OperationRow,
  registries: readonly Registry[],
): Promise<Plan> {
  const undone = await undoneOperations(reader);
  const by = undone.get(target.id);
  if (by !== undefined) {
    throw cannot(target, "it is undone already", `'lamin undo ${by}' does it again`);
  }
  const later = await laterOperations(reader, target, undone);
  if (later.length > 0) {
    const names = later.slice(0, 3).map(({ verb, uid }) => `${verb} ${uid}`).join(", ");
    const more = later.length > 3 ? " and others" : "";
    const why = `the same records were changed later by ${names}${more}`;
    throw cannot(target, why, `undo that first: lamin undo ${later[0]!.uid}`);
  }
  const all: readonly Registry[] = [...registries, ...ownTables];
  const byTable = new Map(all.map((registry) => [registry.name, registry]));
  const reversal = await reversalOf(reader, target, byTable);
  const obstacles = [
    ...changedSince(reversal),
    ...await supersededSince(reader, reversal),
    ...await referredTo(reader, reversal, registries),
    ...await missingTargets(reader, reversal, byTable),
    ...await takenUids(reader, reversal),
    ...await lostObjects(instance, reversal),
    ...await takenKeys(reader, reversal),
    ...await lostArtifacts(instance, reader, reversal),
  ];
  if (obstacles.length > 0) throw inTheWay(target, obstacles);
  if (reversal.every(isEmpty)) throw nothingToReverse(target, reversal);
  return { reversal, files: await filesBack(instance, reader, reversal) };
}

/** Bytes that came for records which are there stay, as they are what the records say. */
function nothingToReverse(target: OperationRow, reversal: readonly TableReversal[]): LaminError {
  const isOfBytes = reversal.some(({ registry }) => registry.name === laminObject.name);
  return isOfBytes
    ? cannot(
      target,
      "it brought bytes of records that were here, and changed no record",
      "the bytes stay: 'lamin gc' collects them once no record refers to them",
    )
    : cannot(
      target,
      "it changed nothing that can be reversed",
      "'lamin op show' says what it did",
    );
}

function isEmpty({ remove, insert, change }: TableReversal): boolean {
  return remove.length + insert.length + change.length === 0;
}

async function apply(changes: Changes, reversal: readonly TableReversal[]): Promise<void> {
  for (const { registry, remove } of reversal) {
    await changes.delete(registry, remove);
  }
  for (const { registry, insert } of reversal) {
    await insertAgain(changes, registry, insert);
  }
  for (const { registry, change, present } of reversal) {
    const groups = Map.groupBy(change, ({ before }) => JSON.stringify(before));
    for (const group of groups.values()) {
      const rows = group.map(({ id }) => present.get(id)!);
      await changes.update(registry, rows, group[0]!.before);
    }
  }
  for (const { registry, remove, insert, present } of reversal) {
    if (!hasVersions(registry)) continue;
    const rows = [...remove, ...insert, ...present.values()];
    await requireOneHead(changes.reader, registry, rows.map((row) => row["uid"] as string));
  }
}

/** Names and other values that only one row may have can be taken by now. */
async function insertAgain(
  changes: Changes,
  registry: Registry,
  rows: TableReversal["insert"],
): Promise<void> {
  try {
    await changes.insert(registry, rows);
  } catch (error) {
    if (!/unique|duplicate key/i.test(String(error))) throw error;
    throw new LaminError("conflict", `records like those of ${registry.model} are there again`, {
      hint: "nothing was changed; rename or remove the new ones first",
      cause: error,
    });
  }
}

function summaryOf(target: OperationRow): string {
  return `${target.verb} ${target.uid}: ${target.summary}`;
}

/** How many obstacles are named. */
const namedMax = 5;

function inTheWay(target: OperationRow, obstacles: readonly string[]): LaminError {
  const named = obstacles.slice(0, namedMax).join("; ");
  const more = obstacles.length > namedMax ? `; and ${obstacles.length - namedMax} more` : "";
  return new LaminError("conflict", `cannot undo ${target.verb} ${target.uid}: ${named}${more}`, {
    hint: "nothing was changed; 'lamin op log' lists what was done since",
    data: { operation: target.uid, obstacles: obstacles.slice(0, 1000) },
  });
}

function cannot(target: OperationRow, why: string, hint: string): LaminError {
  return new LaminError("conflict", `cannot undo ${target.verb} ${target.uid}: ${why}`, {
    hint,
    data: { operation: target.uid },
  });
}
