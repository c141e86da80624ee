import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { qualifiedName } from "../registry/registry_set.ts";
import { describeArtifact } from "./artifact.ts";
import { describeBranch } from "./branch.ts";
import { describeCollection } from "./collection.ts";
import { describeGeneric, relationsTree } from "./generic.ts";
import { notesTrees } from "./notes.ts";
import { describeRecord, type RecordRow } from "./record.ts";
import { describeRun } from "./run.ts";
import { describeSchema } from "./schema.ts";
import type { SchemaRow } from "./schema_members.ts";
import type { DescribeScope } from "./scope.ts";
import { describeTransform } from "./transform.ts";
import type { Tree } from "./tree.ts";

type Describe = (scope: DescribeScope, registry: Registry, row: AnyRow) => Promise<Tree>;

/** What Python describes in a way of its own; of all others it prints the first line only. */
const special: Readonly<Record<string, Describe>> = {
  "lamindb.Artifact": (scope, registry, row) =>
    describeArtifact(scope, registry, row as ArtifactRow),
  "lamindb.Transform": (scope, registry, row) =>
    describeTransform(scope, registry, row as Parameters<typeof describeTransform>[2]),
  "lamindb.Run": (scope, registry, row) =>
    describeRun(scope, registry, row as Parameters<typeof describeRun>[2]),
  "lamindb.Collection": describeCollection,
  "lamindb.Schema": (scope, _, row) => describeSchema(scope, row as SchemaRow),
  "lamindb.Record": (scope, registry, row) => describeRecord(scope, registry, row as RecordRow),
  "lamindb.Branch": describeBranch,
};

export interface DescribeOptions {
  /** Comments besides the readme. */
  readonly comments: boolean;
  /** All that relations lead to, where Python's description leaves it out. */
  readonly relations: boolean;
}

/**
 * The tree that describes a record, as Python's `describe()` has it (COMPAT §13.1); a generic one,
 * of fields and relations, for registries of which Python only prints the name.
 */
export async function describe(
  scope: DescribeScope,
  registry: Registry,
  row: AnyRow,
  options: DescribeOptions,
): Promise<Tree> {
  const own = special[qualifiedName(registry)];
  const tree = await (own ?? describeGeneric)(scope, registry, row);
  const id = row.id as number;
  const relations = own !== undefined && options.relations
    ? await relationsTree(scope, registry, id)
    : [];
  const notes = await notesTrees(scope, registry, id, options);
  return { ...tree, children: [...tree.children, ...relations, ...notes] };
}
