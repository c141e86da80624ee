import type { Registry } from "../registry.ts";
import { artifact } from "./artifact.ts";
import { artifactLinks } from "./artifact_links.ts";
import { blocks } from "./block.ts";
import { branch } from "./branch.ts";
import { collection } from "./collection.ts";
import { collectionLinks } from "./collection_links.ts";
import { feature, jsonValue } from "./feature.ts";
import { migration } from "./migration.ts";
import { otherLinks } from "./other_links.ts";
import { project } from "./project.ts";
import { record } from "./record.ts";
import { recordLinks } from "./record_links.ts";
import { reference } from "./reference.ts";
import { run } from "./run.ts";
import { runLinks } from "./run_links.ts";
import { schema } from "./schema.ts";
import { space } from "./space.ts";
import { storage } from "./storage.ts";
import { transform } from "./transform.ts";
import { transformLinks } from "./transform_links.ts";
import { ulabel } from "./ulabel.ts";
import { user } from "./user.ts";

/** Every table of Python's module `lamindb`, the tables that link others last. */
export const lamindbRegistries: readonly Registry[] = [
  user,
  space,
  branch,
  storage,
  transform,
  run,
  ulabel,
  project,
  reference,
  feature,
  jsonValue,
  schema,
  record,
  artifact,
  collection,
  ...blocks,
  ...artifactLinks,
  ...runLinks,
  ...transformLinks,
  ...collectionLinks,
  ...recordLinks,
  ...otherLinks,
  migration,
];
