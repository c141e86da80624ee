import type { Reader } from "../../store/database/database.ts";
import { currentVersions, isReplaced } from "../lineage/current_versions.ts";
import { type Edge, inputsOf, producersOf } from "../lineage/edges.ts";
import { type DataNode, dataNodes, type RunNode, runNodes } from "../lineage/nodes.ts";
import { recordedCommand } from "../run/recorded_command.ts";
import { stemUid } from "../identity/uid.ts";

/** A run that made something, with what there is to tell of it. */
export interface Maker {
  readonly run: RunNode;
  /** Whether what it made was there before with the same content. */
  readonly isAgain: boolean;
  /** The words that were run; undefined where only Python knows them. */
  readonly command: readonly string[] | undefined;
  /** The words after the program's name, as Python keeps them. */
  readonly cliArgs: string | undefined;
  /** JSON, as it is recorded. */
  readonly params: string | undefined;
  /** Whether there is source code of the transform. */
  readonly hasSource: boolean;
  readonly inputs: readonly MakerInput[];
  /** Uids of artifacts: what was printed, and what was installed. */
  readonly report: string | undefined;
  readonly environment: string | undefined;
}

export interface MakerInput {
  readonly data: DataNode;
  /** What is current in its place, where it is not current itself. */
  readonly current: DataNode | undefined;
}

const kinds = ["artifact", "collection"] as const;

/** How many runs are told of: very many may have made the same empty file. */
const makersMax = 20;

/** The runs that made an artifact, the last one first. */
export async function makersOf(
  reader: Reader,
  artifactId: number,
  branch: number,
): Promise<Maker[]> {
  const edges = await producersOf(reader, { artifact: [artifactId], collection: [] });
  const runs = await runNodes(reader, [...new Set(edges.map(({ runId }) => runId))]);
  const last = runs.toSorted((a, b) => began(a) < began(b) ? 1 : -1).slice(0, makersMax);
  const inputs = await inputsOf(reader, last.map(({ id }) => id));
  const told = await inputsTold(reader, inputs, branch);
  const details = await detailsOf(reader, last.map(({ id }) => id));
  const outputs = new Set(edges.filter(({ role }) => role === "output").map(({ runId }) => runId));
  return last.map((run) => ({
    run,
    isAgain: !outputs.has(run.id),
    inputs: inputs.filter(({ runId, data, dataId }) =>
      runId === run.id && !(data === "artifact" && dataId === artifactId)
    ).flatMap(({ data, dataId }) => told.get(`${data} ${dataId}`) ?? []),
    ...details.get(run.id)!,
  }));
}

function began({ started_at, id }: RunNode): string {
  return `${started_at ?? ""} ${String(id).padStart(16, "0")}`;
}

async function inputsTold(
  reader: Reader,
  edges: readonly Edge[],
  branch: number,
): Promise<Map<string, MakerInput>> {
  const told = new Map<string, MakerInput>();
  for (const kind of kinds) {
    const ids = [...new Set(edges.filter(({ data }) => data === kind).map((edge) => edge.dataId))];
    const found = await dataNodes(reader, kind, ids);
    const heads = await currentVersions(reader, kind, found.map(({ uid }) => uid), branch);
    const nodes = await dataNodes(reader, kind, [...heads.values()].map(({ id }) => id));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const data of found) {
      const current = byId.get(Number(heads.get(stemUid(data.uid))?.id));
      told.set(
        `${kind} ${data.id}`,
        { data, current: isReplaced(data, current, branch) ? current : undefined },
      );
    }
  }
  return told;
}

type Details = Pick<
  Maker,
  "command" | "cliArgs" | "params" | "hasSource" | "report" | "environment"
>;

async function detailsOf(
  reader: Reader,
  runIds: readonly number[],
): Promise<Map<number, Details>> {
  if (runIds.length === 0) return new Map();
  const list = reader.dialect.valuesOf(runIds);
  const rows = await reader.all<Record<string, string | number | null>>(
    `SELECT run.id, run.cli_args, run.params, run.extra_data, report.uid AS report,
       environment.uid AS environment,
       CASE WHEN transform.source_code IS NULL THEN 0 ELSE 1 END AS has_source
     FROM lamindb_run AS run
     JOIN lamindb_transform AS transform ON transform.id = run.transform_id
     LEFT JOIN lamindb_artifact AS report ON report.id = run.report_id
     LEFT JOIN lamindb_artifact AS environment ON environment.id = run.environment_id
     WHERE run.id IN (${list.sql})`,
    list.parameters,
  );
  return new Map(rows.map((row) => [Number(row.id), {
    command: recordedCommand(row.extra_data as string | null)?.command,
    cliArgs: textOf(row.cli_args),
    params: textOf(row.params),
    hasSource: row.has_source === 1,
    report: textOf(row.report),
    environment: textOf(row.environment),
  }]));
}

function textOf(value: string | number | null | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
