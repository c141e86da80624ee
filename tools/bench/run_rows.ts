import { DatabaseSync } from "node:sqlite";
import { mustRun } from "../build/run.ts";
import { artifacts } from "./artifacts.ts";
import { once } from "./data.ts";
import type { Bench } from "./workbench.ts";

/** How many runs follow one another before a chain ends. */
export const chainLength = 50;

/** The file at the end of a chain: its bytes are there. */
export const chainEnd = "first.txt";

/**
 * The instance of the questions with runs: in chains of fifty each artifact was made from the one
 * before, by a run that read one artifact, the same for all, as well. Gives the folder.
 */
export function artifactsWithRuns(bench: Bench, count: number): Promise<string> {
  return once(bench, `runs-${count}-1`, async (path) => {
    await mustRun("cp", ["-R", await artifacts(bench, count), path]);
    const database = new DatabaseSync(`${path}/.lamindb/lamin.db`);
    try {
      database.exec(
        "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144",
      );
      database.exec(statements);
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      database.close();
    }
  });
}

/** Artifact 1 is the file that was added; those that were put there follow it. */
const made = `FROM lamindb_artifact WHERE id > 2 AND (id - 2) % ${chainLength + 1} <> 0`;

const statements = `
  BEGIN IMMEDIATE;
  INSERT INTO lamindb_transform (id, uid, key, kind, is_latest, created_at, created_by_id,
    updated_at)
  VALUES (1, 'benchmarking0000', 'step.py', 'script', 1, '2024-01-01', 1, '2024-01-01');
  INSERT INTO lamindb_run (id, uid, started_at, finished_at, transform_id, created_at,
    created_by_id, updated_at, _status_code)
  SELECT id, printf('bench%011d', id), created_at, created_at, 1, created_at, 1, created_at, 0
  ${made};
  UPDATE lamindb_artifact SET run_id = id
  WHERE id > 2 AND (id - 2) % ${chainLength + 1} <> 0;
  INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id) SELECT id - 1, id ${made};
  INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id)
  SELECT 2, id ${made} AND id > 3;
  UPDATE lamindb_artifact SET run_id = ${chainLength + 2} WHERE key = '${chainEnd}';
  COMMIT;`;
