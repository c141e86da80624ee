import { statusName } from "../query/alias.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { relationName } from "../registry/relation.ts";
import { timeText } from "./cells.ts";
import { pythonName, shownValues } from "./entities.ts";
import { headerOf } from "./header.ts";
import { listedRelations, type Related, relatedTo } from "./related.ts";
import { type DescribeScope, nameById, nameOfRow, namingColumn } from "./scope.ts";
import { cell, featureTable, type Line, span, textTree, type Tree } from "./tree.ts";

/** Fields that say nothing about the record itself. */
const leftOut = ["id", "is_locked", "updated_at", "created_on_id"];
/** Fields that come last. */
const origin = ["branch_id", "space_id", "created_at", "created_by_id"];
/** Texts longer than this stand on lines of their own. */
const shortText = 60;

/** Describes a record of any registry: its fields, then the relations that have entries. */
export async function describeGeneric(
  scope: DescribeScope,
  registry: Registry,
  row: AnyRow,
): Promise<Tree> {
  const cells: Line[] = [];
  const texts: Tree[] = [];
  const header = headerOf(registry, row);
  for (const [column, value] of fieldsOf(registry, row)) {
    if (header.length > 1 && column === "description") continue;
    const [name, text] = await fieldText(scope, registry, column, value);
    if (text.length > shortText || text.includes("\n")) texts.push(textTree([cell(name, text)]));
    else cells.push(cell(name, text));
  }
  return textTree(header, [
    { label: { kind: "cells", cells }, children: [] },
    ...texts,
    ...await relationsTree(scope, registry, row.id as number),
  ]);
}

/** The public fields that say something: `uid` first, where the record came from last. */
function fieldsOf(registry: Registry, row: AnyRow): [column: string, value: unknown][] {
  const title = nameOfRow(registry, row);
  const names = Object.keys(registry.columns).filter((name) => {
    const isPublic = !name.startsWith("_") || name === "_status_code" || name === "_dtype_str";
    const isTitle = name === namingColumn(registry) && row[name] === title;
    return isPublic && !isTitle && !leftOut.includes(name) && row[name] !== null &&
      row[name] !== "" && !(row[name] === false && name === "is_type") &&
      !(row[name] === 0 && name.startsWith("array_"));
  });
  const rank = (name: string) => name === "uid" ? -1 : origin.indexOf(name) + 1;
  return names.sort((a, b) => rank(a) - rank(b)).map((name) => [name, row[name]]);
}

async function fieldText(
  scope: DescribeScope,
  registry: Registry,
  column: string,
  value: unknown,
): Promise<[name: string, text: string]> {
  const { type, references } = registry.columns[column]!;
  if (references !== undefined) {
    const name = await nameById(scope, references.table, value);
    return [relationName(column), name ?? String(value)];
  }
  if (column === "_status_code") return ["status", statusName(registry, value as number)];
  if (column === "_dtype_str") return ["dtype", String(value)];
  if (type === "datetime") return [column, timeText(value)];
  if (type === "boolean") return [column, value ? "True" : "False"];
  return [column, String(value)];
}

/** The branch `Relations`: what the relations lead to, how many where they are many. */
export async function relationsTree(
  { reader, registries }: DescribeScope,
  registry: Registry,
  id: number,
): Promise<Tree[]> {
  const related = await relatedTo(
    reader,
    listedRelations(registries, registry),
    id,
    shownValues,
  );
  if (related.length === 0) return [];
  const rows = related.map((one): Line[] => [
    [span(`.${one.relation.name}`)],
    [span(pythonName(one.relation.registry), "dim")],
    [span(namesText(one))],
  ]);
  return [textTree([[span("Relations", "entities")]], [featureTable(rows)])];
}

function namesText({ first, count }: Related): string {
  const names = [...new Set(first.map(({ uid, name }) => name ?? uid?.slice(0, 7) ?? ""))];
  const shown = names.join(", ");
  return count > first.length ? `(${count}) ${shown}, ...` : shown;
}
