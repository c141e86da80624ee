import type { Hashing } from "../../../store/host/host.ts";
import { groupedUuid, namedUuid } from "../../identity/named_uuid.ts";
import type { Link } from "../../lineage/lineage.ts";
import { type ExportedRun, isoTime, linksBy, type Provenance } from "../provenance.ts";
import { datasetOf } from "./dataset.ts";
import { coreSchema, Facets, facetsOf, type Fields } from "./facet.ts";
import { jobOf } from "./job.ts";

/** Who writes events, and what is needed to. */
export interface Producer {
  readonly version: string;
  readonly hashing: Hashing;
}

/**
 * The events of runs in the order of time, as OpenLineage 2-0-2 has them: one for the start of each
 * run and one for its end, if it ended. The same run has the same id whichever instance tells it.
 */
export function openLineageEvents(provenance: Provenance, producer: Producer): Fields[] {
  const facets = new Facets("https://lamin.ai");
  const [made, read] = [linksBy(provenance, "from"), linksBy(provenance, "to")];
  const events = [...provenance.runs].flatMap(([name, run]) => {
    const shared = {
      run: {
        runId: runId(producer, run.row.uid),
        facets: runFacets(run, provenance, producer, facets),
      },
      job: jobOf(run.transform, run.createdBy, namespaceOf(provenance), facets),
      producer: facets.producer,
      schemaURL: `${coreSchema}#/$defs/RunEvent`,
      inputs: datasets(provenance, read.get(name), "input", facets),
    };
    const outputs = datasets(provenance, made.get(name), "output", facets);
    const start = {
      eventType: "START",
      eventTime: isoTime(run.row.started_at),
      ...shared,
      outputs: [],
    };
    const type = endTypes[run.status];
    if (type === undefined) return [{ ...start, outputs }];
    const endTime = isoTime(run.row.finished_at ?? run.row.started_at);
    return [start, { eventType: type, eventTime: endTime, ...shared, outputs }];
  });
  return events.sort((a, b) => a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0);
}

/** Of a run that is in none of these states, nobody knows how it ended. */
const endTypes: Readonly<Record<string, string>> = {
  completed: "COMPLETE",
  errored: "FAIL",
  aborted: "ABORT",
};

function namespaceOf({ slug }: Provenance): string {
  return `lamin://${slug}`;
}

function runId({ hashing }: Producer, uid: string): string {
  return groupedUuid(namedUuid(hashing, `lamin:run:${uid}`));
}

function datasets(
  provenance: Provenance,
  links: readonly Link[] = [],
  role: "input" | "output",
  facets: Facets,
): Fields[] {
  return links.flatMap((link) => {
    const data = provenance.data.get(role === "input" ? link.from : link.to);
    return data === undefined ? [] : [datasetOf(data, role, namespaceOf(provenance), facets)];
  });
}

function runFacets(
  { row, initiatedBy, parameters, status, transform }: ExportedRun,
  provenance: Provenance,
  producer: Producer,
  facets: Facets,
): Fields {
  return facetsOf({
    processing_engine: facets.standard("ProcessingEngineRunFacet", {
      name: "lamin",
      version: producer.version,
    }),
    parent: initiatedBy === undefined ? undefined : facets.standard("ParentRunFacet", {
      run: { runId: runId(producer, initiatedBy.uid) },
      job: { namespace: namespaceOf(provenance), name: initiatedBy.transformKey },
    }),
    executionParameters: parameters.length === 0
      ? undefined
      : facets.standard("ExecutionParametersRunFacet", {
        parameters: parameters.map(({ name, value }) => ({ key: name, value })),
      }),
    errorMessage: status !== "errored" ? undefined : facets.standard("ErrorMessageRunFacet", {
      message: `the run of ${transform.row.key} failed`,
      programmingLanguage: "unknown",
    }),
    lamin_run: facets.own("RunFacet", {
      uid: row.uid,
      status,
      name: row.name,
      description: row.description,
      entrypoint: row.entrypoint,
      cliArgs: row.cli_args,
      reference: row.reference,
      referenceType: row.reference_type,
    }),
  });
}
