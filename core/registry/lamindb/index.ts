import type { Registry } from "../registry.ts";
import { artifact } from "./artifact.ts";
import { branch } from "./branch.ts";
import { migration } from "./migration.ts";
import { run } from "./run.ts";
import { space } from "./space.ts";
import { storage } from "./storage.ts";
import { transform } from "./transform.ts";
import { user } from "./user.ts";

/** Every table of Python's module `lamindb`, the tables that link others last. */
export const lamindbRegistries: readonly Registry[] = [
  user,
  space,
  branch,
  storage,
  transform,
  run,
  artifact,
  migration,
];
