import type { ColumnAdded, ColumnOrder, ColumnRemoved, ColumnType } from "../format/change.ts";
import { canonicalNumber } from "./number.ts";
import type { TableColumn } from "./table_reader.ts";

/** A column that both sides have, with where it stands and when two of its cells are equal. */
export interface ColumnPair {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  equal(before: string, after: string): boolean;
}

export interface ColumnPairing {
  /** In the order of the columns afterwards. */
  readonly pairs: readonly ColumnPair[];
  readonly changes: readonly (ColumnAdded | ColumnRemoved | ColumnType | ColumnOrder)[];
}

/** Pairs columns by name. */
export function pairColumns(
  before: readonly TableColumn[],
  after: readonly TableColumn[],
): ColumnPairing {
  const indexBefore = new Map(before.map((column, index) => [column.name, index]));
  const names = new Set(after.map((column) => column.name));
  const pairs: ColumnPair[] = [];
  const changes: (ColumnAdded | ColumnRemoved | ColumnType | ColumnOrder)[] = [];
  before.forEach(({ name, type }, index) => {
    if (!names.has(name)) {
      changes.push({ kind: "column_removed", column: name, type, position: index + 1 });
    }
  });
  after.forEach((column, index) => {
    const { name, type } = column;
    const found = indexBefore.get(name);
    if (found === undefined) {
      changes.push({ kind: "column_added", column: name, type, position: index + 1 });
      return;
    }
    const was = before[found]!;
    if (was.type !== type) {
      changes.push({ kind: "column_type", column: name, before: was.type, after: type });
    }
    pairs.push({ name, before: found, after: index, equal: equality(was, column) });
  });
  if (pairs.some((pair, index) => index > 0 && pair.before < pairs[index - 1]!.before)) {
    changes.push({ kind: "column_order", columns: pairs.map((pair) => pair.name) });
  }
  return { pairs, changes };
}

/** Numbers are equal by value when both columns hold numbers; everything else by its text. */
function equality(before: TableColumn, after: TableColumn): ColumnPair["equal"] {
  const [a, b] = [before.number, after.number];
  if (a === undefined || b === undefined) return (x, y) => x === y;
  if (a === b) {
    return (x, y) => x === y || canonicalNumber(x, a) === canonicalNumber(y, b);
  }
  // The same text can be two values: 0.1 in 32 and in 64 bits.
  return (x, y) => canonicalNumber(x, a) === canonicalNumber(y, b);
}
