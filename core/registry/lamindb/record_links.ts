import { bigId, json } from "../columns.ts";
import { link } from "../registry.ts";
import { tracksRun } from "./groups.ts";
import { bareLink, recordValue, selfLink } from "./link_builders.ts";
import { end, forFeature, ofFeature, oncePerFeature } from "./link_columns.ts";

export const recordParents = selfLink("lamindb.Record_parents", "record");
export const recordInputOfRuns = bareLink("lamindb.Record_input_of_runs", "record", "run");

/** Values of a record's features, by the registry of the value (COMPAT §7.5). */
export const recordArtifact = recordValue("lamindb.RecordArtifact", "artifact");
export const recordCollection = recordValue("lamindb.RecordCollection", "collection");
export const recordProject = recordValue("lamindb.RecordProject", "project");
export const recordRecord = recordValue("lamindb.RecordRecord", "record", "links_record");
export const recordReference = recordValue("lamindb.RecordReference", "reference");
export const recordRun = recordValue("lamindb.RecordRun", "run");
export const recordTransform = recordValue("lamindb.RecordTransform", "transform");
export const recordULabel = recordValue("lamindb.RecordULabel", "ulabel", "links_record");
export const recordUser = recordValue("lamindb.RecordUser", "user", "links_record");

/** Values that are no records: numbers, texts, dates, lists. */
export const recordJson = link("lamindb.RecordJson", {
  id: bigId(),
  ...end("record", { onDelete: "CASCADE", reverse: "values_json" }),
  ...ofFeature("lamindb.RecordJson"),
  value: json({ default: "JSON_NULL" }),
}, { unique: [{ columns: ["record_id", "feature_id"] }] });

/** Projects of a record itself, not as the value of one of its features. */
export const projectRecord = link("lamindb.ProjectRecord", {
  id: bigId(),
  ...end("project", { reverse: "links_record" }),
  ...end("record", { onDelete: "CASCADE", reverse: "links_project" }),
  ...forFeature("lamindb.ProjectRecord"),
  ...tracksRun,
}, {
  unique: oncePerFeature("lamindb.ProjectRecord", ["project_id", "record_id"], [
    "project_id",
    "feature_id",
    "record_id",
  ]),
});

/** References of a record itself. */
export const referenceRecord = link("lamindb.ReferenceRecord", {
  id: bigId(),
  ...end("reference", { reverse: "links_record" }),
  ...end("record", { onDelete: "CASCADE", reverse: "links_reference" }),
  ...forFeature("lamindb.ReferenceRecord"),
  ...tracksRun,
}, {
  unique: oncePerFeature("lamindb.ReferenceRecord", ["reference_id", "record_id"], [
    "reference_id",
    "feature_id",
    "record_id",
  ]),
});

export const recordLinks = [
  recordParents,
  recordInputOfRuns,
  recordArtifact,
  recordCollection,
  recordProject,
  recordRecord,
  recordReference,
  recordRun,
  recordTransform,
  recordULabel,
  recordUser,
  recordJson,
  projectRecord,
  referenceRecord,
] as const;
