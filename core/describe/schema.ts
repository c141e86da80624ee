import { parseJson } from "../python/parse_json.ts";
import { pythonStr } from "../python/str.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { creationCells, identityCells } from "./cells.ts";
import { dtypeTexts } from "./dtype_text.ts";
import { descriptionLine } from "./header.ts";
import {
  auxiliaryUids,
  indexUid,
  schemaMembers,
  type SchemaRow,
  slotsOf,
} from "./schema_members.ts";
import { type DescribeScope, nameById, nameOfRow } from "./scope.ts";
import { cell, type Line, span, textTree, type Tree } from "./tree.ts";

/** Describes a schema: its rules, its members, and the schemas of its slots. */
export async function describeSchema(scope: DescribeScope, row: SchemaRow): Promise<Tree> {
  const tree = await schemaTree(scope, row, "Schema");
  const slots: Tree[] = [];
  for (const { slot, schema } of await slotsOf(scope, row.id)) {
    slots.push(await schemaTree(scope, schema, slot));
  }
  return { ...tree, children: [...tree.children, ...slots] };
}

async function schemaTree(scope: DescribeScope, row: SchemaRow, title: string): Promise<Tree> {
  const type = await nameById(scope, "lamindb_schema", row.type_id);
  const header: Line = [
    span(`${title}:`, "kind"),
    span(type === undefined ? " " : ` ${type} · `, "dim"),
    span(row.name || "unnamed", "name"),
  ];
  return textTree([header, ...descriptionLine(row)], [
    { label: { kind: "cells", cells: await cellsOf(scope, row) }, children: [] },
    ...await membersTree(scope, row),
  ]);
}

/** Rules are shown where they are not the usual ones. */
async function cellsOf(scope: DescribeScope, row: SchemaRow): Promise<Line[]> {
  const branch = await nameById(scope, "lamindb_branch", row.branch_id);
  const space = await nameById(scope, "lamindb_space", row.space_id);
  const unusual = (name: string, shown: boolean, value: unknown) =>
    shown ? [cell(name, value)] : [];
  return [
    ...await identityCells(scope, row),
    ...unusual("itype", row.itype !== null && row.itype !== "Feature", row.itype),
    ...unusual("otype", row.otype !== null, row.otype),
    ...unusual("suffix", row.suffix !== null, row.suffix),
    ...unusual("ordered_set", row.ordered_set, "True"),
    ...unusual("maximal_set", row.maximal_set, "True"),
    ...unusual("minimal_set", !row.minimal_set, "False"),
    ...unusual("branch", branch !== "main", branch),
    ...unusual("space", space !== "all", space),
    ...await creationCells(scope, row),
  ];
}

async function membersTree(scope: DescribeScope, row: SchemaRow): Promise<Tree[]> {
  const ofFeatures = row.itype === null || row.itype === "" || row.itype === "Feature";
  const members = row.n_members === 0 ? undefined : await schemaMembers(scope, row);
  // Databases of LaminDB 1.x do not say how many members there are.
  const count = row.n_members ?? (members?.rows.length || null);
  if (!count && !(row._dtype_str && row.itype !== null)) return [];
  const { shown, hidden } = shownMembers(row, members?.rows ?? [], ofFeatures);
  const index = shown.find(({ uid }) => uid === indexUid(row));
  const title = [
    span(ofFeatures ? "Features" : row.itype!, "features"),
    span(countText(shown.length, index, hidden), "dim"),
  ];
  const body = count !== null
    ? await memberTable(scope, row, { registry: members?.registry, rows: shown })
    : textTree([cell("dtype", row._dtype_str)]);
  return [textTree([title], [body])];
}

/** The members with the index first, but for those that are kept hidden. */
function shownMembers(row: SchemaRow, rows: readonly AnyRow[], ofFeatures: boolean) {
  const index = indexUid(row);
  const isIndex = ({ uid }: AnyRow) => uid === index;
  const keepsOrder = ofFeatures && auxiliaryUids(row, "2") !== undefined;
  const ordered = index === undefined || keepsOrder
    ? rows
    : [...rows.filter(isIndex), ...rows.filter((one) => !isIndex(one))];
  const hiddenUids = ofFeatures ? auxiliaryUids(row, "4") ?? [] : [];
  const shown = ordered.filter((one) => isIndex(one) || !hiddenUids.includes(String(one.uid)));
  return { shown, hidden: ordered.length - shown.length };
}

function countText(count: number, index: AnyRow | undefined, hidden: number): string {
  if (count === 0) return hidden > 0 ? ` (${hidden} hidden)` : "";
  const including = index === undefined ? "" : ` including index: ${index.name}`;
  return ` (${count}${including}${hidden > 0 ? `, ${hidden} hidden` : ""})`;
}

async function memberTable(
  { reader }: DescribeScope,
  row: SchemaRow,
  { registry, rows }: { readonly registry: Registry | undefined; readonly rows: readonly AnyRow[] },
): Promise<Tree> {
  const optional = auxiliaryUids(row, "1") ?? [];
  const dtypes = await dtypeTexts(
    reader,
    rows.map((one) => one._dtype_str as string | null ?? null),
  );
  const mark = (yes: unknown) => [span(yes ? "✓" : "✗")];
  const hasRules = registry === undefined || "_dtype_str" in registry.columns;
  const names = ["name", "dtype", "optional", "nullable", "coerce", "default_value"];
  return {
    label: {
      kind: "table",
      columns: (hasRules ? names : names.slice(0, 2)).map((name) => ({
        title: [span(name, "dim")],
      })),
      rows: rows.map((one) => {
        const name = [span(registry === undefined ? "" : nameOfRow(registry, one))];
        if (!hasRules) return [name, [span(row._dtype_str ?? "")]];
        return [
          name,
          [span(dtypes.get(one._dtype_str as string | null) ?? "")],
          mark(optional.includes(String(one.uid))),
          mark(one.nullable),
          mark(row.coerce || one.coerce),
          [span(defaultText(one.default_value))],
        ];
      }),
    },
    children: [],
  };
}

function defaultText(json: unknown): string {
  if (typeof json !== "string" || ["null", "0", "0.0", "false", '""', "[]", "{}"].includes(json)) {
    return "unset";
  }
  try {
    return pythonStr(parseJson(json));
  } catch {
    return json;
  }
}
