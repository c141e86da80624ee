import { command, denoFolder, type Run, withInstance, type Workspace } from "../lamin.ts";
import { withRaw } from "../raw_database.ts";
import { testEnvironment } from "../test_database.ts";

/** An instance whose commands find the program under test as `lamin`. */
export interface RunWorld extends Workspace {
  /** Runs `lamin run` and what else begins with `lamin`, with more environment. */
  say(words: readonly string[], environment?: Record<string, string>): Promise<Run>;
  /** Runs a script of a shell in the work tree. */
  shell(script: string, environment?: Record<string, string>): Promise<Run>;
  rows(sql: string): Record<string, string | number | null>[];
  /** The run that was recorded last. */
  lastRun(): Record<string, string | number | null>;
  exists(path: string): boolean;
  environment: Record<string, string>;
}

/** Runs `work` in a new instance. */
export async function withRunWorld(work: (world: RunWorld) => Promise<void>): Promise<void> {
  await withInstance(async (workspace) => {
    const { root, home } = workspace;
    const bin = `${home}/bin`;
    Deno.mkdirSync(bin);
    const { program, args } = command();
    const words = [program, ...args].map((word) => `'${word}'`).join(" ");
    Deno.writeTextFileSync(`${bin}/lamin`, `#!/bin/sh\nexec ${words} "$@"\n`);
    Deno.chmodSync(`${bin}/lamin`, 0o755);
    const environment = {
      PATH: `${bin}:${Deno.env.get("PATH")}`,
      HOME: home,
      DENO_DIR: denoFolder(),
      NO_COLOR: "1",
      ...testEnvironment,
    };
    const rows = (sql: string) =>
      withRaw(root, (database) => database.all(sql)).map((row) => ({ ...row }));
    await work({
      ...workspace,
      environment,
      rows,
      lastRun: () => rows("SELECT * FROM lamindb_run ORDER BY id DESC LIMIT 1")[0]!,
      say: (given, more = {}) => workspace.run(given, { environment: { ...environment, ...more } }),
      shell: async (script, more = {}) => {
        const child = await new Deno.Command("sh", {
          args: ["-c", script],
          cwd: root,
          clearEnv: true,
          env: { ...environment, ...more },
          stdin: "null",
        }).output();
        const decoder = new TextDecoder();
        return {
          code: child.code,
          stdout: decoder.decode(child.stdout),
          stderr: decoder.decode(child.stderr),
          bytes: child.stdout,
        };
      },
      exists: (path) => {
        try {
          Deno.lstatSync(`${root}/${path}`);
          return true;
        } catch {
          return false;
        }
      },
    });
  });
}

/** Keys of the artifacts that a run read, made and made again. */
export function edgesOf({ rows }: RunWorld, runId: unknown) {
  const keys = (sql: string) => rows(`${sql} ORDER BY key, uid`).map(({ key, uid }) => key ?? uid);
  const linked = (table: string) =>
    keys(
      `SELECT a.key, a.uid FROM lamindb_artifact AS a JOIN lamindb_artifact_${table} AS l
       ON l.artifact_id = a.id WHERE l.run_id = ${runId}`,
    );
  return {
    inputs: linked("input_of_runs"),
    outputs: keys(`SELECT key, uid FROM lamindb_artifact WHERE run_id = ${runId}`),
    recreated: linked("recreating_runs"),
  };
}
