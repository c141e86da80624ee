import { bigId, datetime, optional } from "../columns.ts";
import { link } from "../registry.ts";
import { tracksRun } from "./groups.ts";
import { featureLink, plainLink } from "./link_builders.ts";
import { end } from "./link_columns.ts";

export const transformULabel = plainLink(
  "lamindb.TransformULabel",
  "transform",
  "ulabel",
  tracksRun,
);
export const transformProject = plainLink(
  "lamindb.TransformProject",
  "transform",
  "project",
  tracksRun,
);
export const transformReference = plainLink(
  "lamindb.TransformReference",
  "transform",
  "reference",
  tracksRun,
);
export const transformRecord = featureLink("lamindb.TransformRecord", "transform", "record", {
  ...tracksRun,
  created_at: datetime({ default: "NOW" }),
});

/** Which transform comes before which by design, whatever ran. */
export const transformTransform = link("lamindb.TransformTransform", {
  id: bigId(),
  ...end("successor", {
    onDelete: "CASCADE",
    reverse: "links_predecessor",
    table: "lamindb_transform",
  }),
  ...end("predecessor", {
    onDelete: "CASCADE",
    reverse: "links_successor",
    table: "lamindb_transform",
  }),
  config: optional.json(),
  ...tracksRun,
}, { unique: [{ columns: ["successor_id", "predecessor_id"] }] });

export const transformLinks = [
  transformULabel,
  transformProject,
  transformReference,
  transformRecord,
  transformTransform,
] as const;
