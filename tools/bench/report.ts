import { type Figure, type Figures, highest, summary } from "./figures.ts";
import { judge, type Verdict } from "./limit.ts";
import type { Machine } from "./machine.ts";
import type { ScaleName } from "./scale.ts";
import type { Scene } from "./scene.ts";

/** A tool in the report. */
export interface ToolFact {
  readonly name: string;
  readonly kind?: string;
  readonly version?: string;
  /** Why it was not measured. */
  readonly missing?: string;
}

/** One tool in one scene; times in seconds. */
export interface Row {
  readonly tool: string;
  readonly kind: string;
  readonly seconds: readonly number[];
  readonly min?: number;
  readonly median?: number;
  /** Lamin's median divided by this one. */
  readonly ratio?: number;
  readonly cpuSeconds?: number;
  readonly peakBytes?: number;
  readonly privateBytes?: number;
  /** That a server sent. */
  readonly receivedBytes?: number;
  readonly failure?: string;
  /** Why it was not measured, though it is there. */
  readonly leftOut?: string;
  readonly remark?: string;
}

export interface SceneReport {
  readonly name: string;
  readonly title: string;
  /** Things that lamin did a second, where they were counted. */
  readonly perSecond?: number;
  readonly rows: readonly Row[];
  readonly limits: readonly Verdict[];
}

/** Everything that a run found out. */
export interface Report {
  readonly scale: ScaleName;
  readonly startedAt: string;
  readonly meter: string;
  readonly machine: Machine;
  readonly tools: readonly ToolFact[];
  readonly scenes: readonly SceneReport[];
}

/** The scenes that were measured, in this order, with their rows and verdicts. */
export function reportScenes(figures: Figures, wanted: readonly Scene[]): SceneReport[] {
  const ours = new Map<string, number>();
  for (const scene of figures.scenes()) {
    const lamin = laminOf(figures.of(scene));
    if (lamin !== undefined) ours.set(scene.name, summary(lamin.runs).median);
  }
  return wanted.flatMap((scene) => {
    const all = figures.of(scene);
    return all.length === 0 ? [] : [sceneReport(scene, all, ours)];
  });
}

function laminOf(all: readonly Figure[]): Figure | undefined {
  return all.find(({ tool, runs }) => tool.kind === "lamin" && runs.length > 0);
}

function sceneReport(
  scene: Scene,
  all: readonly Figure[],
  scenes: ReadonlyMap<string, number>,
): SceneReport {
  const lamin = laminOf(all);
  const own = lamin === undefined ? undefined : summary(lamin.runs).median;
  const rows = all.map((figure) => rowOf(scene, figure, own));
  const order = (row: Row) => row.kind === "lamin" ? -1 : row.median ?? Infinity;
  rows.sort((one, other) => order(one) - order(other));
  const standing = lamin === undefined ? undefined : {
    seconds: own!,
    peakBytes: highest(lamin.runs, "peakBytes"),
    receivedBytes: highest(lamin.runs, "receivedBytes"),
    count: scene.count,
    tools: new Map(
      rows.flatMap(({ tool, kind, median }) =>
        median === undefined ? [] : [[tool, { kind, seconds: median }]]
      ),
    ),
    scenes,
  };
  return {
    name: scene.name,
    title: scene.title,
    ...(scene.count === undefined || own === undefined ? {} : { perSecond: scene.count / own }),
    rows,
    limits: standing === undefined ? [] : (scene.limits ?? []).map((one) => judge(one, standing)),
  };
}

function rowOf(
  scene: Scene,
  { tool, runs, failure, leftOut }: Figure,
  own: number | undefined,
): Row {
  const course = scene.name.slice(0, scene.name.indexOf("/"));
  const remark = tool.remarks?.[scene.name] ?? tool.remarks?.[course];
  const times = runs.length === 0 ? undefined : summary(runs);
  const peakBytes = highest(runs, "peakBytes");
  const privateBytes = highest(runs, "privateBytes");
  const receivedBytes = highest(runs, "receivedBytes");
  const cpu = runs.flatMap(({ cpuSeconds }) => cpuSeconds ?? []).sort((a, b) => a - b);
  return {
    tool: tool.name,
    kind: tool.kind,
    seconds: runs.map(({ seconds }) => seconds),
    ...times,
    ...(times === undefined || own === undefined ? {} : { ratio: own / times.median }),
    ...(cpu.length === 0 ? {} : { cpuSeconds: cpu[cpu.length >> 1]! }),
    ...(peakBytes === undefined ? {} : { peakBytes }),
    ...(privateBytes === undefined ? {} : { privateBytes }),
    ...(receivedBytes === undefined ? {} : { receivedBytes }),
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(failure === undefined ? {} : { failure }),
    ...(remark === undefined ? {} : { remark }),
  };
}
