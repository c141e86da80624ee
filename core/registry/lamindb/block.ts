import { bigId, foreign, optional, text, varchar } from "../columns.ts";
import { registry } from "../registry.ts";
import {
  auxiliary,
  hash,
  isVersioned,
  sqlRecord,
  statusCode,
  tracksCreation,
  uid,
} from "./groups.ts";

/** A text in Markdown, one row a version (COMPAT §7.8). */
const content = {
  id: bigId(),
  uid: uid(20, "random_16"),
  content: text(),
  hash,
  /** `readme` or `comment`. */
  kind: varchar(22, { indexed: true, default: "readme" }),
  ...isVersioned,
  ...tracksCreation,
  _status_code: statusCode(),
  _aux: auxiliary,
};

const onBranch = { branch_id: sqlRecord.branch_id, created_on_id: sqlRecord.created_on_id };

/** The record that a text is about; the text goes when that goes. */
const about = { onDelete: "CASCADE", reverse: "ablocks" } as const;

/** A text under a key, or about a whole registry. */
export const block = registry("lamindb.Block", {
  ...content,
  key: optional.varchar(1024, { indexed: true }),
  anchor_id: optional.foreign("lamindb_block", { reverse: "children" }),
  ...onBranch,
  space_id: sqlRecord.space_id,
  is_locked: sqlRecord.is_locked,
}, { nameField: "key" });

export const artifactBlock = registry("lamindb.ArtifactBlock", {
  ...content,
  ...onBranch,
  artifact_id: foreign("lamindb_artifact", about),
});

export const collectionBlock = registry("lamindb.CollectionBlock", {
  ...content,
  ...onBranch,
  collection_id: optional.foreign("lamindb_collection", about),
});

export const featureBlock = registry("lamindb.FeatureBlock", {
  ...content,
  ...onBranch,
  feature_id: foreign("lamindb_feature", about),
});

export const projectBlock = registry("lamindb.ProjectBlock", {
  ...content,
  ...onBranch,
  project_id: foreign("lamindb_project", about),
});

export const recordBlock = registry("lamindb.RecordBlock", {
  ...content,
  ...onBranch,
  record_id: foreign("lamindb_record", about),
});

export const runBlock = registry("lamindb.RunBlock", {
  ...content,
  ...onBranch,
  run_id: foreign("lamindb_run", about),
});

export const schemaBlock = registry("lamindb.SchemaBlock", {
  ...content,
  ...onBranch,
  schema_id: foreign("lamindb_schema", about),
});

export const spaceBlock = registry("lamindb.SpaceBlock", {
  ...content,
  ...onBranch,
  space_id: foreign("lamindb_space", about),
});

export const transformBlock = registry("lamindb.TransformBlock", {
  ...content,
  ...onBranch,
  /** The line of the source code that the text is about. */
  line_number: optional.integer(),
  transform_id: optional.foreign("lamindb_transform", about),
});

export const ulabelBlock = registry("lamindb.ULabelBlock", {
  ...content,
  ...onBranch,
  ulabel_id: foreign("lamindb_ulabel", about),
});

/** Texts about a branch lie on that branch. */
export const branchBlock = registry("lamindb.BranchBlock", {
  ...content,
  branch_id: foreign("lamindb_branch", about),
});

export const blocks = [
  block,
  artifactBlock,
  branchBlock,
  collectionBlock,
  featureBlock,
  projectBlock,
  recordBlock,
  runBlock,
  schemaBlock,
  spaceBlock,
  transformBlock,
  ulabelBlock,
] as const;
