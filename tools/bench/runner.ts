import type { Figures } from "./figures.ts";
import { readableBytes, readableSeconds } from "./readable.ts";
import { sha256OfFile } from "./sha256.ts";
import type { Course, Scene } from "./scene.ts";
import { type Place, takesPart, type Tool } from "./tool.ts";
import { type Bench, Failure } from "./workbench.ts";

/** A tool that needs longer than this for a scene is measured once. */
const slowSeconds = 60;

/** A course that is measured. */
interface Session {
  readonly bench: Bench;
  readonly course: Course;
  readonly figures: Figures;
}

/** Measures a course with all tools that can take part, in turns, round by round. */
export async function runCourse(
  bench: Bench,
  course: Course,
  tools: readonly Tool[],
  rounds: number,
  figures: Figures,
): Promise<void> {
  const able = tools.filter((tool) =>
    course.scenes.some(({ name, operation }) => takesPart(tool, name, operation))
  );
  if (able.length === 0) return;
  console.error(`${course.name}: ${able.map(({ name }) => name).join(", ")}`);
  await course.prepare(bench);
  const session = { bench, course, figures };
  const taken = await notLeftOut(session, able);
  if (course.lasting) await runLasting(session, taken, rounds);
  else await runFresh(session, taken, rounds);
}

/** The tools that a course can measure; why it cannot measure others becomes part of the report. */
async function notLeftOut(
  { bench, course, figures }: Session,
  tools: readonly Tool[],
): Promise<Tool[]> {
  const { scenes, leavesOut } = course;
  const taken: Tool[] = [];
  for (const tool of tools) {
    const why = await leavesOut?.(bench, tool);
    if (why === undefined) taken.push(tool);
    else {
      const first = scenes.find(({ name, operation }) => takesPart(tool, name, operation))!;
      figures.leaveOut(first, tool, why);
      say(first, tool, `left out: ${why}`);
    }
  }
  return taken;
}

/** Who was first in one round is last in the next. */
function turned<T>(list: readonly T[], round: number): T[] {
  const turn = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(turn), ...list.slice(0, turn)];
}

/** One folder for each tool and all rounds; each scene's rounds come right after one another. */
async function runLasting(
  session: Session,
  tools: readonly Tool[],
  rounds: number,
): Promise<void> {
  const { course } = session;
  const places = new Map<Tool, Place>();
  for (const tool of tools) {
    const place = await furnished(session, tool);
    if (place !== undefined) places.set(tool, place);
  }
  for (const scene of course.scenes) {
    const able = [...places.keys()].filter((tool) => takesPart(tool, scene.name, scene.operation));
    const failed = new Set<Tool>();
    // The first round warms up what is read, and checks the answers.
    for (let round = 0; round <= rounds; round++) {
      for (const tool of turned(able, round)) {
        if (failed.has(tool)) continue;
        const place = places.get(tool)!;
        const fine = await perform(session, scene, tool, place, round > 0);
        if (!fine) failed.add(tool);
      }
    }
  }
}

/** A fresh folder for each tool in each round, in which the scenes follow one another. */
async function runFresh(
  session: Session,
  tools: readonly Tool[],
  rounds: number,
): Promise<void> {
  const { bench, course, figures } = session;
  const failed = new Set<Tool>();
  for (let round = 0; round < rounds; round++) {
    for (const tool of turned(tools, round)) {
      if (failed.has(tool) || figures.isSlow(tool, course.scenes, slowSeconds)) continue;
      const place = await furnished(session, tool);
      if (place === undefined) failed.add(tool);
      else {
        for (const scene of course.scenes) {
          if (!takesPart(tool, scene.name, scene.operation)) continue;
          await bench.settle();
          const fine = await perform(session, scene, tool, place, true);
          if (fine) continue;
          failed.add(tool);
          break;
        }
      }
      await bench.freshPlace(tool, course.name);
    }
  }
}

async function furnished(
  { bench, course, figures }: Session,
  tool: Tool,
): Promise<Place | undefined> {
  try {
    return await course.furnish(bench, tool, await bench.freshPlace(tool, course.name));
  } catch (error) {
    const first = course.scenes.find(({ name, operation }) => takesPart(tool, name, operation));
    return failing(bench, error, first!, tool, figures);
  }
}

/** Measures a tool once; its answer is checked the first time. Gives whether it did its work. */
async function perform(
  { bench, course, figures }: Session,
  scene: Scene,
  tool: Tool,
  place: Place,
  counts: boolean,
): Promise<boolean> {
  const { received } = course;
  try {
    await scene.before?.(bench, tool, place);
    const subject = typeof scene.subject === "function"
      ? scene.subject(bench)
      : scene.subject ?? "";
    const work = tool.work[scene.operation]!;
    const before = received?.();
    const measured = {
      ...await bench.measure(tool, place, work(place, subject)),
      ...(before === undefined ? {} : { receivedBytes: received!() - before }),
    };
    const isFirst = !figures.of(scene).some((one) => one.tool === tool);
    if (isFirst) await checkAnswer(bench, scene, tool, place);
    if (!counts) return true;
    figures.add(scene, tool, measured);
    const memory = measured.peakBytes === undefined ? "" : readableBytes(measured.peakBytes);
    say(scene, tool, `${readableSeconds(measured.seconds).padStart(9)} ${memory.padStart(8)}`);
    return true;
  } catch (error) {
    failing(bench, error, scene, tool, figures);
    return false;
  }
}

function failing(
  bench: Bench,
  error: unknown,
  scene: Scene,
  tool: Tool,
  figures: Figures,
): undefined {
  if (!(error instanceof Error) || bench.isInterrupted) throw error;
  figures.fail(scene, tool, error.message);
  say(scene, tool, `failed: ${error.message}`);
}

function say(scene: Scene, tool: Tool, text: string): void {
  console.error(`  ${scene.name.padEnd(20)} ${tool.name.padEnd(10)} ${text}`);
}

/** A fast answer that is wrong is no figure. @throws Failure */
async function checkAnswer(bench: Bench, scene: Scene, tool: Tool, place: Place): Promise<void> {
  if (scene.lines !== undefined && tool.kind === "lamin") {
    const lines = (await Deno.readTextFile(bench.output)).split("\n").length - 1;
    if (lines < scene.lines) throw new Failure(`it said ${lines} lines, not ${scene.lines}`);
  }
  await scene.check?.(bench, tool, place);
  const { read } = tool.work;
  if (scene.readBack === undefined || read === undefined) return;
  // What a tool put in the place of a file leads to the same bytes.
  const expected = await sha256OfFile(`${place.folder}/${scene.readBack}`);
  await bench.measure(tool, place, read(place, scene.readBack));
  if (await sha256OfFile(bench.output) !== expected) {
    throw new Failure(`${scene.readBack} does not come back as it was stored`);
  }
}
