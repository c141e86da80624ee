import type { Reader } from "../../store/database/database.ts";
import type { RowOf } from "../../store/database/table.ts";
import { withoutPassword } from "../../store/without_password.ts";
import { versionSuffix } from "../identity/uid.ts";
import { nodeName } from "../lineage/node_name.ts";
import { statusName } from "../query/alias.ts";
import { run } from "../registry/lamindb/run.ts";
import { transform } from "../registry/lamindb/transform.ts";
import { redactSource, redactValue, redactWords } from "../run/redact.ts";
import { type People, rowsWith } from "./collect.ts";
import type { ExportedRun, ExportedTransform } from "./provenance.ts";

type RunRow = RowOf<typeof run>;
type TransformRow = RowOf<typeof transform>;

/** Collects runs with their transforms, by their node names, the earliest first. */
export async function collectRuns(
  reader: Reader,
  people: People,
  ids: readonly number[],
): Promise<Map<string, ExportedRun>> {
  const rows = await rowsWith(reader, run, ids);
  const parents = await rowsWith(reader, run, present(rows.map((row) => row.initiated_by_run_id)));
  const transforms = new Map(
    (await rowsWith(reader, transform, [
      ...new Set([...rows, ...parents].map((row) => row.transform_id)),
    ])).map((row) => [row.id, row]),
  );
  await people.meet(rows.map(({ created_by_id }) => created_by_id));
  const parentsById = new Map(parents.map((row) => [row.id, row]));
  rows.sort((a, b) => a.started_at < b.started_at ? -1 : a.started_at > b.started_at ? 1 : 0);
  return new Map(rows.map((row): [string, ExportedRun] => {
    const parent = parentsById.get(row.initiated_by_run_id ?? NaN);
    return [nodeName({ kind: "run", id: row.id }), {
      row: withoutSecrets(row),
      transform: exportedTransform(transforms.get(row.transform_id)!),
      status: statusName(run, row._status_code),
      parameters: parametersOf(row.params),
      ...fileOf("report", row.report_id),
      ...fileOf("environment", row.environment_id),
      ...(parent === undefined ? {} : {
        initiatedBy: {
          uid: parent.uid,
          transformKey: transforms.get(parent.transform_id)?.key ?? "",
        },
      }),
      createdBy: people.get(row.created_by_id),
    }];
  }));
}

function present(ids: readonly (number | null)[]): number[] {
  return [...new Set(ids)].filter((id) => id !== null);
}

function fileOf<K extends "report" | "environment">(kind: K, id: number | null) {
  return (id === null ? {} : { [kind]: nodeName({ kind: "artifact", id }) }) as Partial<
    Record<K, string>
  >;
}

function withoutSecrets(row: RunRow): RunRow {
  return {
    ...row,
    name: redactedText(row.name),
    description: redactedText(row.description),
    reference: row.reference === null ? null : withoutPassword(row.reference),
    cli_args: row.cli_args === null ? null : redactWords(row.cli_args.split(" ")).join(" "),
    params: null,
    extra_data: null,
    _aux: null,
  };
}

function exportedTransform(row: TransformRow): ExportedTransform {
  return {
    row: {
      ...row,
      description: redactedText(row.description),
      source_code: redactedText(row.source_code),
      reference: row.reference === null ? null : withoutPassword(row.reference),
      _aux: null,
    },
    version: row.version_tag ?? versionSuffix(row.uid),
  };
}

function redactedText(text: string | null): string | null {
  return text === null ? null : redactSource(text);
}

/** The parameters of a run as text; the whole text where it is no JSON, as Python's with a NaN. */
function parametersOf(json: string | null): { name: string; value: string }[] {
  if (json === null) return [];
  const params = parsed(json);
  if (params === undefined) return [{ name: "params", value: redactSource(json) }];
  if (typeof params !== "object" || params === null || Array.isArray(params)) return [];
  return Object.entries(params).map(([name, value]) => {
    const redacted = redactValue(name, value);
    return { name, value: typeof redacted === "string" ? redacted : JSON.stringify(redacted) };
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
