import type { Condition, Dialect, Reader } from "../../store/database/database.ts";
import { quote } from "../../store/database/sql.ts";
import { LaminError } from "../../store/errors.ts";
import { parseDtype } from "../feature/dtype.ts";
import { featureLinks } from "../feature/links.ts";
import type { FeatureRow } from "../feature/values.ts";
import { feature } from "../registry/lamindb/feature.ts";
import type { Registry } from "../registry/registry.ts";
import { qualifiedName, type RegistrySet } from "../registry/registry_set.ts";
import type { ManyRelation } from "../registry/relation.ts";
import { asksForNull, compare } from "./comparison.ts";
import { anyOf, unless } from "./condition.ts";
import { compareJson } from "./json_comparison.ts";
import type { Lookup } from "./lookup.ts";
import { isOperator, type Operator } from "./operator.ts";

/**
 * Where the values that are no records are linked, by the model that has features (COMPAT §7.3).
 */
const valueLinks: Readonly<Record<string, string>> = {
  "lamindb.Artifact": "lamindb_artifactjsonvalue",
  "lamindb.Run": "lamindb_runjsonvalue",
  "lamindb.Record": "lamindb_recordjson",
};

/** The features with these names, by name; several may share one. */
export async function featuresNamed(
  reader: Reader,
  names: readonly string[],
): Promise<Map<string, FeatureRow[]>> {
  const list = reader.dialect.valuesOf(names);
  const rows = await reader.select(
    feature,
    `name IN (${list.sql}) AND is_type IS NOT TRUE`,
    list.parameters,
  );
  return Map.groupBy(rows, ({ name }) => name);
}

/**
 * What holds for records that have a value of a feature that compares as asked. Values that are
 * records are compared by the field that the feature's type names. Throws code "usage" for an
 * unknown operator.
 */
export function featureCondition(
  registries: RegistrySet,
  dialect: Dialect,
  registry: Registry,
  features: readonly FeatureRow[],
  { name, segments, value }: Lookup,
): Condition {
  const operator = segments[1] ?? "exact";
  if (segments.length > 2 || !isOperator(operator)) {
    throw new LaminError("usage", `'${name}': a feature is followed by an operator or nothing`, {
      hint: `for example ${segments[0]}=… or ${segments[0]}__gt=…`,
      data: { name },
    });
  }
  const asked = operator === "isnull" && asksForNull(segments[0]!, value);
  const conditions = features.flatMap((row) => {
    const { simple, records } = parseDtype(row._dtype_str ?? "");
    if (simple !== undefined) return [plainValue(dialect, registry, row, operator, value)];
    return records.flatMap((type) => {
      const relation = linkTo(registries, registry, type.registry);
      if (relation === undefined) return [];
      const field = type.field ?? relation.registry.nameField;
      return [recordValue(dialect, relation, row, field, operator, value)];
    });
  });
  const condition = anyOf(conditions);
  return asked ? unless(condition) : condition;
}

function plainValue(
  dialect: Dialect,
  registry: Registry,
  row: FeatureRow,
  operator: Operator,
  value: string,
): Condition {
  const link = valueLinks[qualifiedName(registry)]!;
  const own = quote(`${registry.model.toLowerCase()}_id`);
  // As Python does on SQLite, where parts of values are looked for whatever their case.
  const asked = { contains: "icontains", startswith: "istartswith" }[operator as string] ??
    operator;
  const holds = operator === "isnull" ? { sql: "TRUE", parameters: [] } : compareJson(
    dialect,
    { name: "value", keys: [] },
    asked as Exclude<Operator, "isnull">,
    value,
  );
  const values = link === "lamindb_recordjson"
    ? `${link} WHERE feature_id = ? AND ${holds.sql}`
    : `${link} WHERE jsonvalue_id IN ` +
      `(SELECT id FROM lamindb_jsonvalue WHERE feature_id = ? AND ${holds.sql})`;
  return {
    sql: `id IN (SELECT ${own} FROM ${values})`,
    parameters: [row.id, ...holds.parameters],
  };
}

function recordValue(
  dialect: Dialect,
  relation: ManyRelation,
  row: FeatureRow,
  field: string | undefined,
  operator: Operator,
  value: string,
): Condition {
  const definition = field === undefined ? undefined : relation.registry.columns[field];
  if (definition === undefined) return { sql: "FALSE", parameters: [] };
  const [own, other] = [quote(relation.ownColumn), quote(relation.otherColumn)];
  const link = `id IN (SELECT ${own} FROM ${quote(relation.through.name)} WHERE feature_id = ?`;
  if (operator === "isnull") return { sql: `${link})`, parameters: [row.id] };
  const target = { name: field!, definition, keys: [], words: undefined };
  const label = compare(dialect, target, operator, value);
  return {
    sql: `${link} AND ${other} IN ` +
      `(SELECT id FROM ${quote(relation.registry.name)} WHERE ${label.sql}))`,
    parameters: [row.id, ...label.parameters],
  };
}

/** The relation to a registry over whose links features have its records as values. */
function linkTo(
  registries: RegistrySet,
  registry: Registry,
  name: string,
): ManyRelation | undefined {
  const qualified = name.includes(".") ? name : `lamindb.${name}`;
  return featureLinks(registries, registry).find((relation) =>
    qualifiedName(relation.registry) === qualified
  );
}
