import { artifactsWithRuns, chainEnd, chainLength } from "../run_rows.ts";
import type { Scale } from "../scale.ts";
import type { Course } from "../scene.ts";

/** Where things came from, in an instance in which nearly every artifact was made by a run. */
export function lineageCourse({ artifacts, moreArtifacts }: Scale): Course {
  const count = moreArtifacts || artifacts;
  const of = `of ${count.toLocaleString("en")} artifacts`;
  return {
    name: "lineage",
    rounds: 10,
    lasting: true,
    peers: true,
    scenes: [
      {
        name: "lineage/up",
        title: `all that one was made from, over ${chainLength} runs, ${of}`,
        operation: "lineage",
        subject: chainEnd,
        lines: chainLength,
        limits: [{ kind: "time", seconds: 0.1 }],
      },
      {
        name: "lineage/why",
        title: `where a file came from, found by its content, ${of}`,
        operation: "why",
        subject: chainEnd,
        lines: 4,
        limits: [{ kind: "time", seconds: 0.1 }],
      },
    ],
    prepare: async (bench) => void await artifactsWithRuns(bench, count),
    async furnish(bench, tool, place) {
      const here = { ...place, folder: await artifactsWithRuns(bench, count) };
      if (tool.kind === "peer") {
        await bench.measure(bench.lamin, here, bench.lamin.work.connect!(here, ""));
      }
      return here;
    },
  };
}
