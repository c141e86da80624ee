import { DatabaseSync } from "node:sqlite";
import { artifacts } from "../artifacts.ts";
import { cloneOf } from "../between.ts";
import type { Scale } from "../scale.ts";
import type { Course } from "../scene.ts";
import type { Place } from "../tool.ts";
import { Failure, removeTree } from "../workbench.ts";

/** Cloning the records of an instance with many, without bytes. */
export function syncCloneCourse({ artifacts: count }: Scale): Course {
  return {
    name: "sync-clone",
    rounds: 3,
    lasting: true,
    peers: false,
    scenes: [{
      name: "sync-clone/rows",
      title: `clone the records of ${count.toLocaleString("en")} artifacts`,
      operation: "cloneRows",
      count,
      limits: [{ kind: "time", seconds: 5 }, { kind: "times", of: ["cp"], factor: 3 }],
      before: async (bench, _, { store }) => {
        await removeTree(store);
        await Deno.mkdir(store, { recursive: true });
        await bench.settle();
      },
      check: (_, { kind }, place) => {
        if (kind === "lamin") mustHaveRows(place, count);
        return Promise.resolve();
      },
    }],
    prepare: async (bench) => void await artifacts(bench, count),
    furnish: async (bench, _, place) => ({ ...place, folder: await artifacts(bench, count) }),
  };
}

/** Whether the clone has the artifacts, and the one that was added first. @throws Failure */
function mustHaveRows(place: Place, count: number): void {
  const database = new DatabaseSync(`${cloneOf(place)}/.lamindb/lamin.db`);
  try {
    const row = database.prepare("SELECT count(*) AS count FROM lamindb_artifact").get();
    if (row?.["count"] === count + 1) return;
    throw new Failure(`the clone has ${row?.["count"]} artifacts, not ${count + 1}`);
  } finally {
    database.close();
  }
}
