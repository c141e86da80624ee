import { bigId, optional, varchar } from "../columns.ts";
import { link } from "../registry.ts";
import { tracksRun } from "./groups.ts";
import { bareLink, plainLink, selfLink } from "./link_builders.ts";
import { end, ends } from "./link_columns.ts";

export const ulabelParents = selfLink("lamindb.ULabel_parents", "ulabel");
export const ulabelProject = plainLink("lamindb.ULabelProject", "ulabel", "project", tracksRun);

export const projectParents = selfLink("lamindb.Project_parents", "project");
export const projectPredecessors = selfLink("lamindb.Project_predecessors", "project");
export const projectReferences = bareLink("lamindb.Project_references", "project", "reference");

export const featureProject = plainLink("lamindb.FeatureProject", "feature", "project", tracksRun);
export const schemaProject = plainLink("lamindb.SchemaProject", "schema", "project", tracksRun);
export const blockProject = plainLink("lamindb.BlockProject", "block", "project", tracksRun);

/** The features of a schema, in the order of the ids of the links. */
export const schemaFeature = plainLink("lamindb.SchemaFeature", "schema", "feature", {});

/** The schemas of the slots of a composite schema. */
export const schemaComponent = link("lamindb.SchemaComponent", {
  id: bigId(),
  ...end("composite", {
    onDelete: "CASCADE",
    reverse: "links_component",
    table: "lamindb_schema",
  }),
  ...end("component", { reverse: "links_composite", table: "lamindb_schema" }),
  slot: optional.varchar(255),
  ...tracksRun,
}, {
  unique: [
    { columns: ["composite_id", "slot"] },
    { columns: ["composite_id", "slot", "component_id"] },
  ],
});

export const branchProject = plainLink("lamindb.BranchProject", "branch", "project", {});
export const branchULabel = plainLink("lamindb.BranchULabel", "branch", "ulabel", {});

/** What a person does for a branch. */
export const branchUser = link("lamindb.BranchUser", {
  id: bigId(),
  ...ends("branch", "user"),
  role: varchar(32, { indexed: true }),
}, { unique: [{ columns: ["branch_id", "user_id", "role"] }] });

/** What a person does in a project. */
export const projectUser = link("lamindb.ProjectUser", {
  id: bigId(),
  ...ends("project", "user"),
  role: varchar(32, { indexed: true }),
}, { unique: [{ columns: ["project_id", "user_id", "role"] }] });

export const otherLinks = [
  ulabelParents,
  ulabelProject,
  projectParents,
  projectPredecessors,
  projectReferences,
  featureProject,
  schemaProject,
  blockProject,
  schemaFeature,
  schemaComponent,
  branchProject,
  branchULabel,
  branchUser,
  projectUser,
] as const;
