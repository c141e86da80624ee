import assert from "node:assert/strict";
import { isNameOfProcess } from "../../store/process_name.ts";
import { withRaw } from "../raw_database.ts";
import type { Atlas } from "../cli/atlas.ts";
import { say } from "../cli/in_process.ts";
import { exists } from "./look.ts";
import type { Snapshot } from "./snapshots.ts";
import { type Judge, stepThrough } from "./stepping.ts";

const words = [
  ...["run", "-q", "--in", "a.txt", "--out", "b.txt", "--out", "f.zarr", "--"],
  ...["sh", "-c", "echo begun; sort a.txt > b.txt; mkdir -p f.zarr; cp a.txt f.zarr/0; echo ended"],
];

stepThrough({
  name: "run",
  words,
  runsOthers: true,
  prepare: async ({ write, lamin }) => {
    await lamin("init");
    write("a.txt", "2\n1\n");
    await lamin("add", "a.txt");
  },
  witness: (atlas) => Promise.resolve(() => Promise.resolve(new RunVerdict(atlas))),
});

/**
 * Whatever happened, there is no run, one that is whole, or one that is aborted and made nothing.
 */
class RunVerdict implements Judge {
  constructor(private readonly atlas: Atlas) {}

  async pass({ moment, isOver }: Omit<Snapshot, "name">): Promise<void> {
    try {
      await this.#look(isOver, moment.includes("the power went"));
      await this.#again();
    } catch (error) {
      throw new Error(`lamin run, ${moment}`, { cause: error });
    }
  }

  async #look(isOver: boolean, powerWent: boolean): Promise<void> {
    await this.#expect("list", "run");
    await this.#expect("fsck", "--deep");
    const runs = this.#rows("SELECT * FROM lamindb_run");
    const status = runs[0]?.["_status_code"];
    if (isOver) assert.equal(status, 0, "what was over is not there");
    assert.ok(runs.length < 2);
    const outputs = this.#rows("SELECT key FROM lamindb_artifact WHERE run_id IS NOT NULL");
    if (runs.length === 0) {
      assert.deepEqual(outputs, []);
      return;
    }
    const [run] = runs;
    assert.ok(status === 0 || status === 2, `it is ${status}`);
    assert.ok(run!["finished_at"] !== null);
    assert.equal(this.#rows("SELECT id FROM lamindb_artifact_input_of_runs").length, 1);
    assert.deepEqual(
      outputs.map(({ key }) => key).sort(),
      status === 0 ? ["b.txt", "f.zarr"] : [],
    );
    if (status === 0) {
      assert.ok(run!["report_id"] !== null && run!["environment_id"] !== null);
      assert.equal(await this.#report(), "begun\nended\n");
    } else {
      assert.equal(run!["environment_id"], null);
      const said = run!["report_id"] === null ? "" : await this.#report();
      // A log is brought onto the disk at the end; until then the power may take what is in it.
      assert.ok(powerWent || "begun\nended\n".startsWith(said), said);
    }
  }

  /** The next run is whole, and nothing is left of the one that died. */
  async #again(): Promise<void> {
    await this.#expect(...words);
    const runs = this.#rows("SELECT * FROM lamindb_run ORDER BY id");
    assert.equal(runs.at(-1)!["_status_code"], 0);
    assert.ok(runs.every((run) => run["_status_code"] !== -1));
    // One that has no name of a process yet goes when it rested for a while.
    const folder = `${this.atlas.root}/.lamindb/runs`;
    const left = exists(folder) ? [...Deno.readDirSync(folder)].map(({ name }) => name) : [];
    const isNamed = (name: string) => {
      const path = `${folder}/${name}/process`;
      return exists(path) && isNameOfProcess(Deno.readTextFileSync(path).split("\n")[0]!);
    };
    assert.deepEqual(left.filter(isNamed), []);
  }

  async #report(): Promise<string> {
    const [row] = this.#rows(
      "SELECT a.uid FROM lamindb_artifact AS a JOIN lamindb_run AS r ON r.report_id = a.id",
    );
    return await this.#expect("cat", String(row!["uid"]));
  }

  #rows(sql: string): Record<string, string | number | null>[] {
    return withRaw(this.atlas.root, (database) => database.all(sql)).map((row) => ({ ...row }));
  }

  async #expect(...said: readonly string[]): Promise<string> {
    const { root: folder, home } = this.atlas;
    const { code, stdout, stderr } = await say({ folder, home }, ...said);
    assert.equal(code, 0, `${said.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }
}
