import type { Reader } from "../../store/database/database.ts";
import type { RowOf, Table } from "../../store/database/table.ts";
import { contentsOf } from "../artifact/content.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { versionSuffix } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import { outputsOf } from "../lineage/edges.ts";
import { lineageOf, type Link } from "../lineage/lineage.ts";
import { nodeName } from "../lineage/node_name.ts";
import type { Direction, Start } from "../lineage/walk.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { collection } from "../registry/lamindb/collection.ts";
import { user } from "../registry/lamindb/user.ts";
import { collectRuns } from "./collect_runs.ts";
import { urlOf } from "./location.ts";
import type { ExportedArtifact, ExportedCollection, ExportedData, Person } from "./provenance.ts";
import type { Provenance } from "./provenance.ts";

export interface CollectRequest {
  /** What is to be told of. */
  readonly starts: readonly Start[];
  readonly directions: readonly Direction[];
  /** Over how many runs to go each way. */
  readonly depth: number;
  /**
   * Whether to tell of everything that the runs made; else only of what was asked for and what led
   * to it. Of a run that was asked for, all is told.
   */
  readonly allOutputs: boolean;
  /** Whether to take along the artifacts that are logs and environments of runs. */
  readonly runFiles: boolean;
}

/** Collects the history of data and runs, everything that could be a secret taken out. */
export async function collectProvenance(
  instance: Instance,
  reader: Reader,
  request: CollectRequest,
): Promise<Provenance> {
  const { names, links } = await collectGraph(reader, request);
  const idsOf = (kind: Start["kind"]) =>
    [...names].filter((name) => name.startsWith(`${kind} `))
      .map((name) => Number(name.slice(kind.length + 1)));
  const people = new People(reader);
  const runs = await collectRuns(reader, people, idsOf("run"));
  const collections = await collectCollections(reader, people, idsOf("collection"));
  const ofRuns = request.runFiles
    ? [...runs.values()].flatMap(({ row }) => [row.report_id, row.environment_id])
    : [];
  const artifacts = await collectArtifacts(instance, reader, people, [
    ...idsOf("artifact"),
    ...[...collections.values()].flatMap(({ memberIds }) => memberIds),
    ...ofRuns.filter((id) => id !== null),
  ]);
  return {
    slug: instance.slug,
    data: new Map<string, ExportedData>([...artifacts, ...collections]),
    runs,
    links,
    roots: request.starts.map(nodeName),
  };
}

async function collectGraph(
  reader: Reader,
  { starts, directions, depth, allOutputs }: CollectRequest,
): Promise<{ names: ReadonlySet<string>; links: Link[] }> {
  const links = new Map<string, Link>();
  const names = new Set(starts.map(nodeName));
  for (const start of starts) {
    const lineage = await lineageOf(reader, { start, directions, depth });
    for (const link of lineage.links) links.set(`${link.from} ${link.to}`, link);
    for (const name of lineage.nodes.keys()) names.add(name);
  }
  const runs = [...names].filter((name) => name.startsWith("run "));
  const told = allOutputs ? runs : starts.filter(({ kind }) => kind === "run").map(nodeName);
  for (const { data, dataId, runId, role } of await outputsOf(reader, told.map(idIn))) {
    const [from, to] = [`run ${runId}`, nodeName({ kind: data, id: dataId })];
    links.set(`${from} ${to}`, { from, to, role });
    links.delete(`${to} ${from}`); // what is both counts as output
    names.add(to);
  }
  return { names, links: [...links.values()] };
}

function idIn(name: string): number {
  return Number(name.slice(name.indexOf(" ") + 1));
}

async function collectArtifacts(
  instance: Instance,
  reader: Reader,
  people: People,
  ids: readonly number[],
): Promise<Map<string, ExportedArtifact>> {
  const rows: ArtifactRow[] = await rowsWith(reader, artifact, [...new Set(ids)]);
  const contents = await contentsOf(reader, rows);
  await people.meet(rows.map(({ created_by_id }) => created_by_id));
  return new Map(rows.map((row) => {
    const content = contents.get(row.id);
    return [nodeName({ kind: "artifact", id: row.id }), {
      kind: "artifact",
      row,
      version: row.version_tag ?? versionSuffix(row.uid),
      ...(content === undefined ? {} : { sha256: content.sha256 }),
      url: urlOf(instance, row),
      createdBy: people.get(row.created_by_id),
    }];
  }));
}

type Collected = ExportedCollection & { readonly memberIds: readonly number[] };

async function collectCollections(
  reader: Reader,
  people: People,
  ids: readonly number[],
): Promise<Map<string, Collected>> {
  const rows = await rowsWith(reader, collection, ids);
  if (rows.length === 0) return new Map();
  await people.meet(rows.map(({ created_by_id }) => created_by_id));
  const list = reader.dialect.valuesOf(ids);
  const links = await reader.all<{ collection_id: number; artifact_id: number }>(
    `SELECT collection_id, artifact_id FROM lamindb_collectionartifact
     WHERE collection_id IN (${list.sql}) ORDER BY id`,
    list.parameters,
  );
  const members = Map.groupBy(links, (link) => Number(link.collection_id));
  return new Map(rows.map((row) => {
    const memberIds = (members.get(row.id) ?? []).map((link) => Number(link.artifact_id));
    return [nodeName({ kind: "collection", id: row.id }), {
      kind: "collection",
      row,
      version: row.version_tag ?? versionSuffix(row.uid),
      memberIds,
      members: memberIds.map((id) => nodeName({ kind: "artifact", id })),
      createdBy: people.get(row.created_by_id),
    }];
  }));
}

/** The rows of a table with these ids, in the order of ids. */
export async function rowsWith<T extends Table>(
  reader: Reader,
  table: T,
  ids: readonly number[],
): Promise<RowOf<T>[]> {
  if (ids.length === 0) return [];
  const list = reader.dialect.valuesOf(ids);
  return await reader.select(table, `id IN (${list.sql}) ORDER BY id`, list.parameters);
}

/** Users by their ids, each asked for once. */
export class People {
  readonly #known = new Map<number, Person>();

  constructor(private readonly reader: Reader) {}

  async meet(ids: readonly number[]): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.#known.has(id));
    for (const row of await rowsWith(this.reader, user, unknown)) this.#known.set(row.id, row);
  }

  /** One whom {@link meet} asked for. */
  get(id: number): Person {
    return this.#known.get(id) ?? { uid: "unknown", handle: "unknown", name: null };
  }
}
