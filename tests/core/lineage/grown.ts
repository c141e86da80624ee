/** A graph of runs, to be put into an instance that Python made. Runs and data count from 0. */
export interface Grown {
  readonly runs: number;
  readonly data: number;
  /** Run that made each piece of data, by its number. */
  readonly made?: readonly (readonly [data: number, run: number])[];
  readonly remade?: readonly (readonly [data: number, run: number])[];
  readonly read?: readonly (readonly [data: number, run: number])[];
}

/** Ids that no row of the fixture has. */
const first = 100_000;

export function dataId(index: number): number {
  return first + index;
}

export function runId(index: number): number {
  return first + index;
}

/** The statements that put a graph into a database. */
export function grownSql({ runs, data, made = [], remade = [], read = [] }: Grown): string {
  const pairs = (list: readonly (readonly [number, number])[]) =>
    `(SELECT ${first} + json_extract(value, '$[0]') AS data_id,
      ${first} + json_extract(value, '$[1]') AS run_id FROM json_each('${JSON.stringify(list)}'))`;
  const counter = (count: number) =>
    `WITH RECURSIVE counter(n) AS (
       SELECT 0 WHERE ${count} > 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${count})`;
  return `
    BEGIN;
    INSERT INTO lamindb_run (id, uid, started_at, created_at, updated_at, transform_id,
      created_by_id, branch_id, created_on_id, space_id, is_locked, _status_code)
    ${counter(runs)} SELECT ${first} + n, printf('grown%011d', n),
      strftime('%Y-%m-%d %H:%M:%S', '2026-01-01', '+' || n || ' minutes'), '2026-01-01 00:00:00',
      '2026-01-01 00:00:00', 1, 1, 1, 1, 1, 0, 0 FROM counter;
    INSERT INTO lamindb_artifact (id, uid, key, suffix, size, hash, _key_is_virtual,
      _overwrite_versions, storage_id, is_latest, created_at, updated_at, created_by_id, branch_id,
      created_on_id, space_id, is_locked)
    ${counter(data)} SELECT ${first} + n, printf('grown%011d0000', n), printf('grown/%d', n), '', 1,
      printf('grownhash%013d', n), 1, 0, 1, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1, 1, 1, 1, 0
    FROM counter;
    UPDATE lamindb_artifact SET run_id = made.run_id FROM ${pairs(made)} AS made
      WHERE lamindb_artifact.id = made.data_id;
    INSERT OR IGNORE INTO lamindb_artifact_input_of_runs (artifact_id, run_id)
      SELECT data_id, run_id FROM ${pairs(read)};
    INSERT OR IGNORE INTO lamindb_artifact_recreating_runs (artifact_id, run_id)
      SELECT data_id, run_id FROM ${pairs(remade)};
    COMMIT;`;
}

/** A chain: each run reads what the one before made. */
export function chain(length: number): Grown {
  const each = Array.from({ length }, (_, index) => index);
  return {
    runs: length,
    data: length + 1,
    made: each.map((index) => [index + 1, index]),
    read: each.map((index) => [index, index]),
  };
}
