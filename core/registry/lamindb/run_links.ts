import { bigId } from "../columns.ts";
import { link } from "../registry.ts";
import { tracksCreation } from "./groups.ts";
import { featureLink, plainLink } from "./link_builders.ts";
import { end, forFeature, oncePerFeature } from "./link_columns.ts";

/** In the links of a run, `run_id` is the host, so no column says which run made the link. */
export const runULabel = plainLink("lamindb.RunULabel", "run", "ulabel", tracksCreation);
export const runProject = plainLink("lamindb.RunProject", "run", "project", tracksCreation);
export const runJsonValue = plainLink("lamindb.RunJsonValue", "run", "jsonvalue", tracksCreation);
export const runRecord = featureLink("lamindb.RunRecord", "run", "record", tracksCreation);

/** Values of a run's features that are artifacts. */
export const runArtifact = link("lamindb.RunArtifact", {
  id: bigId(),
  ...end("run", { onDelete: "CASCADE", reverse: "values_artifact" }),
  ...end("artifact", { reverse: "links_in_run" }),
  ...forFeature("lamindb.RunArtifact"),
}, { unique: oncePerFeature("lamindb.RunArtifact", ["run_id", "artifact_id"]) });

export const runLinks = [runULabel, runProject, runJsonValue, runRecord, runArtifact] as const;
