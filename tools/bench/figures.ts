import type { Measured } from "./meter.ts";
import type { Scene } from "./scene.ts";
import type { Tool } from "./tool.ts";

/** All runs of one tool in one scene. */
export interface Figure {
  readonly tool: Tool;
  readonly runs: readonly Measured[];
  /** Why it was not measured to the end. */
  readonly failure: string | undefined;
  /** Why it was not measured at all, though it is there. */
  readonly leftOut: string | undefined;
}

interface Kept {
  readonly runs: Measured[];
  failure?: string;
  leftOut?: string;
}

/** What was measured, by scenes in the order in which they came. */
export class Figures {
  readonly #scenes = new Map<Scene, Map<Tool, Kept>>();

  add(scene: Scene, tool: Tool, run: Measured): void {
    this.#of(scene, tool).runs.push(run);
  }

  fail(scene: Scene, tool: Tool, why: string): void {
    this.#of(scene, tool).failure ??= why;
  }

  leaveOut(scene: Scene, tool: Tool, why: string): void {
    this.#of(scene, tool).leftOut = why;
  }

  scenes(): Scene[] {
    return [...this.#scenes.keys()];
  }

  of(scene: Scene): Figure[] {
    return [...this.#scenes.get(scene) ?? []].map(([tool, { runs, failure, leftOut }]) => ({
      tool,
      runs,
      failure,
      leftOut,
    }));
  }

  /** Whether a tool took longer than so many seconds in some scene of a course. */
  isSlow(tool: Tool, scenes: readonly Scene[], seconds: number): boolean {
    return scenes.some((scene) =>
      this.#scenes.get(scene)?.get(tool)?.runs.some((run) => run.seconds > seconds)
    );
  }

  #of(scene: Scene, tool: Tool): Kept {
    const tools = this.#scenes.get(scene) ?? new Map<Tool, Kept>();
    this.#scenes.set(scene, tools);
    const figure = tools.get(tool) ?? { runs: [] };
    tools.set(tool, figure);
    return figure;
  }
}

/** The shortest and the middle of the times, in seconds. */
export function summary(runs: readonly Measured[]): { min: number; median: number } {
  const times = runs.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const half = times.length >> 1;
  return {
    min: times[0]!,
    median: times.length % 2 === 1 ? times[half]! : (times[half - 1]! + times[half]!) / 2,
  };
}

/** The most of what was seen, undefined where nothing was. */
export function highest(
  runs: readonly Measured[],
  what: "peakBytes" | "privateBytes" | "receivedBytes",
): number | undefined {
  const seen = runs.flatMap((run) => run[what] ?? []);
  return seen.length === 0 ? undefined : Math.max(...seen);
}
