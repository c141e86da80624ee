import type { ExportedRun } from "../provenance.ts";
import { crateTime, type Entity, personId, reference, references, runId } from "./entities.ts";

/** What a run read and made, by the names that data have in the crate. */
export interface Exchange {
  readonly inputs: readonly string[];
  readonly results: readonly string[];
}

const statuses: Readonly<Record<string, string>> = {
  scheduled: "PotentialActionStatus",
  restarted: "ActiveActionStatus",
  started: "ActiveActionStatus",
  completed: "CompletedActionStatus",
  errored: "FailedActionStatus",
  aborted: "FailedActionStatus",
};

/** A run as an action: one that made nothing is an activation in schema.org's words. */
export function actionOf(
  run: ExportedRun,
  instrument: string,
  { inputs, results }: Exchange,
): Entity {
  const { row, transform, status, createdBy } = run;
  const objects = [...inputs, ...run.parameters.map((_, index) => parameterId(run, index))];
  return {
    "@id": runId(row.uid),
    "@type": results.length > 0 ? "CreateAction" : "ActivateAction",
    name: row.name ?? `run of ${transform.row.key}`,
    identifier: row.uid,
    description: row.description ??
      `${transform.row.kind} ${transform.row.key}${
        row.cli_args === null ? "" : ` ${row.cli_args}`
      }`,
    instrument: reference(instrument),
    agent: reference(personId(createdBy)),
    startTime: crateTime(row.started_at),
    ...(row.finished_at === null ? {} : { endTime: crateTime(row.finished_at) }),
    ...(objects.length === 0 ? {} : { object: references(objects) }),
    ...(results.length === 0 ? {} : { result: references(results) }),
    ...(statuses[status] === undefined
      ? {}
      : { actionStatus: `http://schema.org/${statuses[status]}` }),
    ...(status === "errored" || status === "aborted" ? { error: `the run was ${status}` } : {}),
  };
}

/** The parameters of a run, to which its action refers. */
export function parameterEntities(run: ExportedRun): Entity[] {
  return run.parameters.map(({ name, value }, index) => ({
    "@id": parameterId(run, index),
    "@type": "PropertyValue",
    name,
    value,
  }));
}

function parameterId({ row }: ExportedRun, index: number): string {
  return `${runId(row.uid)}-parameter-${index}`;
}
