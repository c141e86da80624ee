import type { LaminError } from "../../../../store/errors.ts";
import type { Conflict, TableSummary } from "../../summary.ts";
import type { SyncResult } from "../../sync.ts";
import type { Transferred } from "../../transfer.ts";
import { notSpoken } from "../frame.ts";
import { countIn, type Json, type JsonObject, listIn, objectIn, orNull, textIn } from "../json.ts";
import { tellError, toldError } from "../wire_error.ts";

/** What a push came to, as far as the one who pushed is told. */
export interface PushResult {
  readonly result: Omit<SyncResult, "artifacts" | "applied" | "unrecorded"> & {
    readonly artifacts: { readonly length: number };
    readonly applied:
      | Pick<NonNullable<SyncResult["applied"]>, "refused" | "movedHeads">
      | undefined;
  };
  readonly moved: Transferred["moved"];
  /** What tells later whether the target changed since. */
  readonly stamp: string | null;
}

/** So many things of a kind are named; nobody reads more. */
const namedMax = 20_000;

export function resultJson({ result, moved }: Transferred, stamp: string | null): JsonObject {
  const { tables, records, changed, same, isNothing, artifacts } = result;
  const { conflicts, cannotCarry, applied, operation } = result;
  return {
    tables: tables.map((table) => ({ ...table })),
    records,
    changed,
    same,
    isNothing,
    artifacts: artifacts.length,
    conflicts: conflicts.slice(0, namedMax).map((one) => ({ ...one, columns: [...one.columns] })),
    cannotCarry: cannotCarry.slice(0, namedMax).map(({ table, why }) => ({ table, why })),
    applied: applied === undefined ? null : {
      refused: applied.refused.slice(0, namedMax).map((one) => ({ ...one })),
      movedHeads: applied.movedHeads,
    },
    operation: operation ?? null,
    stamp,
    moved: {
      objects: moved.objects,
      bytes: moved.bytes,
      lacking: moved.lacking.slice(0, namedMax).map(({ uid, why }) => ({
        uid,
        why: tellError(why),
      })),
    },
  };
}

/** Reads what a target says. Throws code "failed" for anything else. */
export function resultIn(value: JsonObject): PushResult {
  const applied = orNull(value["applied"], objectIn);
  const moved = objectIn(value["moved"]);
  return {
    result: {
      tables: listIn(value["tables"], 1000).map(tableIn),
      records: countIn(value["records"]),
      changed: countIn(value["changed"]),
      same: countIn(value["same"]),
      isNothing: value["isNothing"] === true,
      artifacts: { length: countIn(value["artifacts"]) },
      conflicts: listIn(value["conflicts"], namedMax).map(conflictIn),
      cannotCarry: listIn(value["cannotCarry"], namedMax).map((one) => {
        const { table, why } = objectIn(one);
        return { table: textIn(table), why: textIn(why) };
      }),
      // Only a pull refers to what lies elsewhere.
      referred: 0,
      applied: applied === null ? undefined : {
        refused: listIn(applied["refused"], namedMax).map((one) => {
          const { table, identity, name, reason } = objectIn(one);
          return {
            table: textIn(table),
            identity: textIn(identity),
            name: textIn(name),
            reason: textIn(reason),
          };
        }),
        movedHeads: countIn(applied["movedHeads"]),
      },
      operation: orNull(value["operation"], (text) => textIn(text, 64)) ?? undefined,
    },
    moved: {
      objects: countIn(moved["objects"]),
      bytes: countIn(moved["bytes"]),
      lacking: listIn(moved["lacking"], namedMax).map(lackingIn),
    },
    stamp: orNull(value["stamp"] ?? null, (text) => textIn(text, 100)),
  };
}

const counts = [
  "new",
  "changed",
  "removed",
  "conflicts",
  "same",
  "ahead",
  "known",
  "deletedHere",
  "deletedThere",
] as const satisfies readonly (keyof TableSummary)[];

function tableIn(value: Json): TableSummary {
  const table = objectIn(value);
  const numbers = Object.fromEntries(counts.map((name) => [name, countIn(table[name])]));
  return {
    table: textIn(table["table"]),
    model: textIn(table["model"]),
    isLink: table["isLink"] === true,
    ...numbers as Record<typeof counts[number], number>,
  };
}

function conflictIn(value: Json): Conflict {
  const { model, table, uid, name, columns } = objectIn(value);
  const text = (one: unknown) => textIn(one);
  return {
    model: textIn(model),
    table: textIn(table),
    uid: orNull(uid, text),
    name: orNull(name, text),
    columns: listIn(columns, 1000).map(text),
  };
}

function lackingIn(value: Json): { uid: string; why: LaminError } {
  const { uid, why } = objectIn(value);
  const failure = toldError(why);
  if (failure === undefined) throw notSpoken();
  return { uid: textIn(uid, 64), why: failure };
}
