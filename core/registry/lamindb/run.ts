import { bigId, datetime, foreign, optional } from "../columns.ts";
import { many, registry } from "../registry.ts";
import {
  createdAt,
  externalReference,
  sqlRecord,
  statusCode,
  tracksUpdates,
  uid,
} from "./groups.ts";

/** One execution of a transform (COMPAT §6.2). */
export const run = registry("lamindb.Run", {
  id: bigId(),
  uid: uid(20, "random_16"),
  name: optional.varchar(150, { indexed: true }),
  description: optional.text(),
  entrypoint: optional.varchar(255, { indexed: true }),
  started_at: datetime({ default: "NOW", indexed: true }),
  finished_at: optional.datetime({ indexed: true }),
  params: optional.json(),
  ...externalReference,
  cli_args: optional.varchar(1024),
  _is_consecutive: optional.boolean(),
  /** -3 scheduled, -2 restarted, -1 started, 0 completed, 1 errored, 2 aborted. */
  _status_code: statusCode(-3),
  transform_id: foreign("lamindb_transform", { onDelete: "CASCADE", reverse: "runs" }),
  environment_id: optional.foreign("lamindb_artifact", { reverse: "_environment_of" }),
  plan_id: optional.foreign("lamindb_artifact", { reverse: "_plan_for_runs" }),
  report_id: optional.foreign("lamindb_artifact", { reverse: "_report_of" }),
  initiated_by_run_id: optional.foreign("lamindb_run", {
    onDelete: "CASCADE",
    reverse: "initiated_runs",
  }),
  extra_data: optional.json(),
  created_at: createdAt,
  created_by_id: foreign("lamindb_user", {
    generated: "user",
    onDelete: "CASCADE",
    reverse: "created_runs",
  }),
  ...tracksUpdates,
  ...sqlRecord,
}, {
  nameField: "started_at",
  manyToMany: [
    many("json_values", "lamindb_jsonvalue", "lamindb_runjsonvalue", "runs"),
    many("ulabels", "lamindb_ulabel", "lamindb_runulabel", "runs"),
    many("linked_in_records", "lamindb_record", "lamindb_recordrun", "linked_runs"),
    many("artifacts", "lamindb_artifact", "lamindb_artifactrun", "runs"),
    many("linked_artifacts", "lamindb_artifact", "lamindb_runartifact", "linked_by_runs"),
  ],
});
