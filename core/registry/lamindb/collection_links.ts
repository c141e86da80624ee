import { tracksRun } from "./groups.ts";
import { bareLink, featureLink, plainLink } from "./link_builders.ts";
import { forFeature } from "./link_columns.ts";

export const collectionInputOfRuns = bareLink(
  "lamindb.Collection_input_of_runs",
  "collection",
  "run",
);
export const collectionRecreatingRuns = bareLink(
  "lamindb.Collection_recreating_runs",
  "collection",
  "run",
);
export const collectionActions = bareLink("lamindb.Collection__actions", "collection", "artifact");

/** The members of a collection, in the order of their ids. */
export const collectionArtifact = plainLink(
  "lamindb.CollectionArtifact",
  "collection",
  "artifact",
  tracksRun,
);
export const collectionProject = plainLink(
  "lamindb.CollectionProject",
  "collection",
  "project",
  tracksRun,
);
export const collectionReference = plainLink(
  "lamindb.CollectionReference",
  "collection",
  "reference",
  tracksRun,
);
export const collectionRecord = featureLink(
  "lamindb.CollectionRecord",
  "collection",
  "record",
  tracksRun,
);
/** Unlike other links with a feature, a label is here once whatever the feature. */
export const collectionULabel = plainLink("lamindb.CollectionULabel", "collection", "ulabel", {
  ...forFeature("lamindb.CollectionULabel"),
  ...tracksRun,
});

export const collectionLinks = [
  collectionInputOfRuns,
  collectionRecreatingRuns,
  collectionActions,
  collectionArtifact,
  collectionProject,
  collectionReference,
  collectionRecord,
  collectionULabel,
] as const;
