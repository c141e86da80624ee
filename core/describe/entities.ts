import { quote } from "../../store/database/sql.ts";
import { textOf } from "../query/text_of.ts";
import type { Registry } from "../registry/registry.ts";
import { qualifiedName, type RegistrySet } from "../registry/registry_set.ts";
import type { ManyRelation } from "../registry/relation.ts";
import { pythonUtcTime } from "./python_time.ts";
import type { DescribeScope } from "./scope.ts";
import { featureTable, type Line, span, textTree, type Tree } from "./tree.ts";

/** How many names a row shows. */
export const shownValues = 10;

/** LaminDB's own labels of artifacts, in the order in which Python shows them. */
const coreLabels = [
  "users",
  "recreating_runs",
  "ulabels",
  "artifacts",
  "records",
  "references",
  "projects",
];

/** The relations of artifacts that count as labels: LaminDB's own, then those of modules. */
export function labelRelations(registries: RegistrySet, artifact: Registry): ManyRelation[] {
  const relations = registries.relations(artifact);
  const ofModules = [...relations.values()].filter((relation) =>
    relation.kind === "many" && relation.registry.module !== artifact.module &&
    !relation.name.startsWith("_")
  );
  const own = coreLabels.flatMap((name) => relations.get(name) ?? []);
  return [...own, ...ofModules].filter((relation) => relation.kind === "many");
}

/** The branch `Entities`: a row for each kind of label that an artifact has. */
export async function entitiesTree(
  scope: DescribeScope,
  artifact: Registry,
  id: number,
): Promise<Tree[]> {
  const relations = labelRelations(scope.registries, artifact);
  const names = await namesOf(scope, relations, id);
  const rows = relations.flatMap((relation, index): Line[][] => {
    const found = names.get(index);
    if (found === undefined) return [];
    return [[
      [span(`.${relation.name}`)],
      [span(pythonName(relation.registry), "dim")],
      [span(joinValues(found))],
    ]];
  });
  return rows.length === 0
    ? []
    : [textTree([[span("Entities", "entities")]], [featureTable(rows)])];
}

/** The first names of the labels of each relation, each once. */
async function namesOf(
  { reader }: DescribeScope,
  relations: readonly ManyRelation[],
  id: number,
): Promise<Map<number, string[]>> {
  if (relations.length === 0) return new Map();
  const parts = relations.map((relation, index) => {
    const { registry, through, ownColumn, otherColumn } = relation;
    const field = registry.nameField ?? "uid";
    const name = `label.${quote(field)}`;
    const text = textOf(reader.dialect, name, registry.columns[field]!);
    return `SELECT * FROM (
       SELECT ${index} AS relation, min(${orderOf(relation)}) AS position, ${text} AS name
       FROM ${quote(through.name)} AS link
       JOIN ${quote(registry.name)} AS label ON label.id = link.${quote(otherColumn)}
       WHERE link.${quote(ownColumn)} = ? GROUP BY ${name}
       ORDER BY position LIMIT ${shownValues + 1}) AS part_${index}`;
  });
  const rows = await reader.all<{ relation: number; name: string | null }>(
    `SELECT * FROM (${parts.join(" UNION ALL ")}) AS labels ORDER BY relation, position`,
    parts.map(() => id),
  );
  const names = new Map<number, string[]>();
  for (const { relation, name } of rows) {
    const { registry } = relations[Number(relation)]!;
    const isTime = registry.columns[registry.nameField ?? ""]?.type === "datetime";
    const text = name === null ? "None" : isTime ? pythonUtcTime(name) : name;
    names.set(Number(relation), [...names.get(Number(relation)) ?? [], text]);
  }
  return names;
}

/**
 * Python leaves the order of labels to the database: it is that of the labels where an index over
 * pairs gives them, else that of the links.
 */
function orderOf({ through, ownColumn, otherColumn }: ManyRelation): string {
  const hasIndex = through.unique.some(({ columns: [first, second], where }) =>
    where === undefined && first === ownColumn && second === otherColumn
  );
  return hasIndex ? "label.id" : "link.id";
}

/** The first ten of several values, and whether there are more. */
export function joinValues(values: readonly string[]): string {
  const unique = [...new Set(values)];
  const shown = unique.slice(0, shownValues).join(", ");
  return unique.length > shownValues ? `${shown}, ...` : shown;
}

/** `ULabel`, `bionty.CellType` */
export function pythonName(registry: Registry): string {
  return registry.module === "lamindb" ? registry.model : qualifiedName(registry);
}
