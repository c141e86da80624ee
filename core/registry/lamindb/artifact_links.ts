import { bigId, optional } from "../columns.ts";
import { link } from "../registry.ts";
import { tracksCreation, tracksRun } from "./groups.ts";
import { bareLink, featureLink, plainLink, selfLink } from "./link_builders.ts";
import { end, forFeature, oncePerFeature } from "./link_columns.ts";

/** Which runs read an artifact, and which made the same content again (COMPAT §5.9). */
export const artifactInputOfRuns = bareLink("lamindb.Artifact_input_of_runs", "artifact", "run");
export const artifactRecreatingRuns = bareLink(
  "lamindb.Artifact_recreating_runs",
  "artifact",
  "run",
);
export const artifactActions = selfLink("lamindb.Artifact__actions", "artifact");

export const artifactULabel = featureLink(
  "lamindb.ArtifactULabel",
  "artifact",
  "ulabel",
  tracksRun,
);
export const artifactProject = featureLink(
  "lamindb.ArtifactProject",
  "artifact",
  "project",
  tracksRun,
);
export const artifactRecord = featureLink(
  "lamindb.ArtifactRecord",
  "artifact",
  "record",
  tracksRun,
);
export const artifactReference = featureLink(
  "lamindb.ArtifactReference",
  "artifact",
  "reference",
  tracksRun,
);
export const artifactUser = featureLink("lamindb.ArtifactUser", "artifact", "user", tracksRun);
export const artifactJsonValue = plainLink(
  "lamindb.ArtifactJsonValue",
  "artifact",
  "jsonvalue",
  tracksRun,
);

/** Values of an artifact's features that are runs; here `run_id` is the value. */
export const artifactRun = link("lamindb.ArtifactRun", {
  id: bigId(),
  ...end("artifact", { onDelete: "CASCADE", reverse: "links_run" }),
  ...end("run", { onDelete: "CASCADE", reverse: "links_artifact" }),
  ...forFeature("lamindb.ArtifactRun"),
  ...tracksCreation,
}, { unique: oncePerFeature("lamindb.ArtifactRun", ["artifact_id", "run_id"]) });

/** Values of an artifact's features that are artifacts. */
export const artifactArtifact = link("lamindb.ArtifactArtifact", {
  id: bigId(),
  ...end("artifact", { onDelete: "CASCADE", reverse: "links_artifact" }),
  ...end("value", { onDelete: "CASCADE", reverse: "links_value", table: "lamindb_artifact" }),
  ...forFeature("lamindb.ArtifactArtifact"),
  ...tracksRun,
}, { unique: oncePerFeature("lamindb.ArtifactArtifact", ["artifact_id", "value_id"]) });

/** Schemas that an artifact's slots were found to have (COMPAT §7.6). */
export const artifactSchema = link("lamindb.ArtifactSchema", {
  id: bigId(),
  ...end("artifact", { onDelete: "CASCADE", reverse: "_links_schema" }),
  ...end("schema", { reverse: "_links_artifact" }),
  slot: optional.varchar(255),
  /** A leftover of LaminDB 1.x, always NULL. */
  feature_ref_is_semantic: optional.boolean(),
  ...tracksRun,
}, {
  unique: [
    { columns: ["artifact_id", "slot", "schema_id"] },
    { columns: ["artifact_id", "slot"] },
  ],
});

export const artifactLinks = [
  artifactInputOfRuns,
  artifactRecreatingRuns,
  artifactActions,
  artifactULabel,
  artifactProject,
  artifactRecord,
  artifactReference,
  artifactUser,
  artifactJsonValue,
  artifactRun,
  artifactArtifact,
  artifactSchema,
] as const;
