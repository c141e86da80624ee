import { withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { type Place, say } from "./in_process.ts";

/** Runs `work` in a copy of the instance that Python made, which `sql` changes first. */
export async function inDemo(work: (place: Place) => Promise<void>, sql?: string): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    if (sql !== undefined) changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    await work({ folder: root, home });
  });
}

/** The artifact with the longest history there: three runs lead to it, and one made it again. */
export const madeFromAll = "results/top genes.parquet";

/** Runs `lamin export` and throws unless it succeeds; gives its standard output. */
export async function exported(place: Place, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await say(place, "export", ...words);
  if (code === 0) return stdout;
  throw new Error(`lamin export ${words.join(" ")} ended with ${code}:\n${stderr}`);
}

/** What must be in no export. */
export const secret = "kV8xQ2mZ7pR4tW1y";

/**
 * What a database may hold: names that lead elsewhere, command a terminal or break formats, names
 * that differ in case alone, and secrets where nobody took them out.
 */
export const hostileRows: string = `
  UPDATE lamindb_artifact SET key = '../../../etc/passwd' WHERE key = 'raw/counts.csv';
  UPDATE lamindb_artifact SET key = 'Results/TOP genes.parquet', description = 'a"b<script>' || char(27) || '[2J'
    WHERE key = 'processed/cpm.parquet';
  UPDATE lamindb_transform SET key = '../evil' || char(10) || '"quoted".py' WHERE key = 'analyze.py';
  UPDATE lamindb_transform SET source_code = 'api_key = "${secret}"' || char(10) || source_code;
  UPDATE lamindb_run SET params = '{"password": "${secret}", "n": 3}', cli_args = '--token ${secret} x',
    name = 'see https://me:${secret}@host.example/x', uid = 'ü/../' || substr(uid, 1, 8);
  UPDATE lamindb_storage SET root = 's3://me:${secret}@bucket/' || uid WHERE id > 1;`;
