import { artifacts, asked } from "../artifacts.ts";
import type { Scale } from "../scale.ts";
import type { Course, Scene } from "../scene.ts";

/** Questions to an instance with many rows. */
export function queryCourse({ artifacts }: Scale): Course {
  return courseOf("query", artifacts, 0.06);
}

/** The same with ten times as many. */
export function moreQueryCourse({ moreArtifacts }: Scale): Course {
  return courseOf("more-query", moreArtifacts, 0.1);
}

/** The questions, each with this limit. */
export function questionsOf(name: string, count: number, seconds: number): Scene[] {
  const of = `of ${count.toLocaleString("en")} artifacts`;
  const questions: Scene[] = [
    {
      name: "newest",
      title: `newest 20 entries of the log, ${of}`,
      operation: "newest",
      lines: 20,
    },
    { name: "show", title: `describe one ${of}`, operation: "show", subject: asked.key, lines: 5 },
    {
      name: "prefix",
      title: `20 by the start of the key, ${of}`,
      operation: "prefix",
      subject: asked.prefix,
      lines: 20,
    },
    {
      name: "suffix",
      title: `20 by suffix, ${of}`,
      operation: "suffix",
      subject: asked.suffix,
      lines: 20,
    },
    {
      name: "label",
      title: `20 by a label that one in twenty has, ${of}`,
      operation: "label",
      subject: asked.label,
      lines: 20,
    },
    {
      name: "rare-label",
      title: `20 by a label that one in a thousand has, ${of}`,
      operation: "label",
      subject: asked.rareLabel,
      lines: Math.min(20, Math.floor(count / 2000)),
    },
    {
      name: "history",
      title: `history of one key ${of}`,
      operation: "history",
      subject: asked.key,
      lines: 5,
    },
  ];
  return questions.map((scene) => ({
    ...scene,
    name: `${name}/${scene.name}`,
    limits: [{ kind: "time", seconds }],
  }));
}

function courseOf(name: string, count: number, seconds: number): Course {
  return {
    name,
    rounds: 10,
    lasting: true,
    peers: true,
    scenes: questionsOf(name, count, seconds),
    prepare: async (bench) => void await artifacts(bench, count),
    async furnish(bench, tool, place) {
      const folder = await artifacts(bench, count);
      const here = { ...place, folder };
      if (tool.kind === "peer") {
        await bench.measure(bench.lamin, here, bench.lamin.work.connect!(here, ""));
      }
      return here;
    },
  };
}
