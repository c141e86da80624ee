import { mustRun } from "../../build/run.ts";
import { artifacts } from "../artifacts.ts";
import type { Scale } from "../scale.ts";
import type { Course } from "../scene.ts";
import { statements } from "../servers.ts";
import type { Place } from "../tool.ts";
import type { Bench } from "../workbench.ts";
import { registering } from "./bulk.ts";
import { questionsOf } from "./query.ts";

/** Questions to an instance with many rows on a Postgres server. */
export function postgresCourse({ serverArtifacts: count }: Scale): Course {
  let ready: Promise<Place> | undefined;
  return {
    name: "postgres",
    rounds: 10,
    lasting: true,
    peers: true,
    server: "postgres",
    scenes: questionsOf("postgres", count, 0.15),
    prepare: async (bench) => {
      ready = onServer(bench, count);
      await ready;
    },
    async furnish(bench, tool, place) {
      const here = { ...place, ...await ready };
      if (tool.kind === "peer") {
        await bench.measure(bench.lamin, here, bench.lamin.work.connect!(here, ""));
      }
      return here;
    },
  };
}

/** The instance of the questions, moved to a server by lamin itself. */
async function onServer(bench: Bench, count: number): Promise<Place> {
  const database = await bench.servers.database("bench_artifacts");
  const source = await artifacts(bench, count);
  const folder = `${bench.folder}/rounds/artifacts-on-server`;
  await mustRun("rm", ["-rf", folder]);
  await mustRun("cp", ["-R", source, folder]);
  console.error("moving the rows to the server");
  const place = { folder, store: folder, database };
  await bench.measure(bench.lamin, place, bench.lamin.work.migrate!(place, database));
  // What the server does by itself within a minute or so.
  await statements(database, ["VACUUM ANALYZE"]);
  return place;
}

/** Registering what lies on a disk already, with rows on a Postgres server. */
export function postgresBulkCourse({ listed }: Scale): Course {
  const course = registering("postgres-bulk", listed);
  return {
    ...course,
    server: "postgres",
    scenes: course.scenes.map((scene) => ({ ...scene, title: `${scene.title}, rows in Postgres` })),
    furnish: async (bench, tool, place) => {
      const database = await bench.servers.database("bench_bulk");
      return await course.furnish(bench, tool, { ...place, database });
    },
  };
}
