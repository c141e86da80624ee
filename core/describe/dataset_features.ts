import { compareCodePoints } from "../python/order.ts";
import type { DescribeScope } from "./scope.ts";
import { dtypeTexts } from "./dtype_text.ts";
import { schemaMembers, type SchemaRow, slotsOf } from "./schema_members.ts";
import { featureTable, type Line, span, textTree, type Tree } from "./tree.ts";
import { nameOfRow } from "./scope.ts";

/** How many members of a schema are shown. */
const shownMembers = 50;

/** What was found in an artifact's data: its slots with the schema of each. */
export interface DatasetFeatures {
  readonly slots: readonly DatasetSlot[];
  /** The slot of each member by name, the last one where several have it. */
  readonly slotOf: ReadonlyMap<string, string>;
  /** Names of features in the data; their labels are shown with them. */
  readonly internal: ReadonlyMap<string, string>;
}

interface DatasetSlot {
  readonly slot: string;
  readonly schema: SchemaRow;
  readonly names: readonly string[];
}

/**
 * Reads the schemas that an artifact's slots were found to have, with their members (COMPAT §7.7).
 */
export async function datasetFeatures(scope: DescribeScope, id: number): Promise<DatasetFeatures> {
  const slots: DatasetSlot[] = [];
  const slotOf = new Map<string, string>();
  const dtypes = new Map<string, string | null>();
  for (const { slot, schema } of await artifactSlots(scope, id)) {
    const { registry, rows } = await schemaMembers(scope, schema);
    const names = rows.slice(0, shownMembers).map((row) => nameOfRow(registry, row));
    slots.push({ slot, schema, names });
    for (const name of names) slotOf.set(name, slot);
    if (!schema.itype?.startsWith("Feature")) continue;
    for (const row of rows) dtypes.set(String(row.name), row._dtype_str as string | null);
  }
  const texts = await dtypeTexts(scope.reader, [...dtypes.values()]);
  const internal = new Map([...dtypes].map(([name, dtype]) => [name, texts.get(dtype) ?? ""]));
  return { slots, slotOf, internal };
}

async function artifactSlots({ reader, registries }: DescribeScope, id: number) {
  const links = registries.byTable("lamindb_artifactschema")!;
  const rows = await reader.select(links, "artifact_id = ? ORDER BY id", [id]);
  const list = reader.dialect.valuesOf(rows.map((row) => row.schema_id as number));
  const schemas = await reader.select(
    registries.byTable("lamindb_schema")!,
    `id IN (${list.sql})`,
    list.parameters,
  ) as SchemaRow[];
  return rows.flatMap(({ slot, schema_id }) => {
    const schema = schemas.find((one) => one.id === schema_id);
    return schema === undefined ? [] : [{ slot: String(slot), schema }];
  });
}

/**
 * The branch `Dataset features`: a table for each slot; `labelled` are rows of features with
 * values.
 */
export function datasetFeaturesTree(
  { slots, slotOf, internal }: DatasetFeatures,
  labelled: ReadonlyMap<string, Line[]>,
): Tree[] {
  if (slots.length === 0) return [];
  const tables = slots.map(({ slot, schema, names }) => {
    const here = [...labelled].filter(([name]) => slotOf.get(name) === slot);
    const hasLabels = here.length > 0;
    const others = names.filter((name) => name !== "" && !(hasLabels && labelled.has(name)));
    const rows = [
      ...here,
      ...others.map((name): [string, Line[]] => {
        const dtype = internal.get(name) ?? (hasLabels ? "" : schema._dtype_str ?? "");
        return [name, [[span(name)], [span(dtype, "dim")], []]];
      }),
    ].sort(([a], [b]) => compareCodePoints(a, b)).map(([, row]) => row);
    const itype = schema.itype === "Feature" ? "" : ` ${schema.itype ?? "None"}`;
    return featureTable(rows, [
      span(slot, "slot"),
      span(` (${schema.n_members ?? (names.length || "None")}${itype})`, "dim"),
    ]);
  });
  return [textTree([[span("Dataset features", "features")]], tables)];
}

/** Whether a schema says which features an artifact has besides its data. */
export async function hasExternalSlot(scope: DescribeScope, schemaId: unknown): Promise<boolean> {
  if (typeof schemaId !== "number") return false;
  return (await slotsOf(scope, schemaId)).some(({ slot }) => slot === "__external__");
}
