import { chosen, coursesOf } from "./courses.ts";
import { Figures } from "./figures.ts";
import { findTools } from "./find_tools.ts";
import { installPeers } from "./install_peers.ts";
import { describeMachine } from "./machine.ts";
import { openMeter } from "./meter.ts";
import type { Options } from "./options.ts";
import { peerFolders } from "./peer_folders.ts";
import { printed } from "./print.ts";
import { type Report, reportScenes, type ToolFact } from "./report.ts";
import { runCourse } from "./runner.ts";
import { findServers, type ServerName } from "./servers.ts";
import { scales } from "./scale.ts";
import type { Course } from "./scene.ts";
import { type Found, names, type Tool } from "./tool.ts";
import { findLamin } from "./tools/lamin.ts";
import { Bench, Failure, Interrupted } from "./workbench.ts";

/** Runs what the options ask for, prints it, and gives the exit code. */
export async function runBench(options: Options): Promise<number> {
  const lamin = await findLamin(options.sources);
  if ("missing" in lamin) {
    console.error(lamin.missing);
    return 2;
  }
  if (options.installPeers) await installPeers();
  const found = [lamin, ...await findTools(options.peers)];
  const folder = await workFolder(options.work);
  const bench = new Bench(folder, scales[options.scale], lamin, await openMeter(), peerFolders);
  const stop = () => bench.interrupt();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  try {
    const report = await measureAll(bench, found, options);
    console.log(printed(report));
    if (options.json !== undefined) {
      await Deno.writeTextFile(options.json, JSON.stringify(report, null, 2) + "\n");
    }
    return bench.isInterrupted ? 130 : exitCode(report);
  } finally {
    await bench.close({ keepData: options.work !== undefined });
  }
}

async function workFolder(named: string | undefined): Promise<string> {
  if (named === undefined) {
    return await Deno.realPath(await Deno.makeTempDir({ prefix: "lamin-bench-" }));
  }
  await Deno.mkdir(named, { recursive: true });
  return await Deno.realPath(named);
}

/** Measures the courses; when somebody interrupts it, what there is until then is reported. */
async function measureAll(
  bench: Bench,
  found: readonly Found[],
  options: Options,
): Promise<Report> {
  const startedAt = new Date().toISOString();
  const machine = await describeMachine(bench.folder);
  const courses = chosen(coursesOf(bench.scale), options.only);
  const figures = new Figures();
  const facts: ToolFact[] = [];
  try {
    for (const one of found) facts.push(await factOf(bench, one));
    facts.push(...await findServers(serversOf(courses)));
    const present = found.filter((one): one is Tool =>
      facts.some(({ name, missing }) => name === one.name && missing === undefined)
    );
    const missing = facts.filter((fact) => fact.missing !== undefined).map(({ name }) => name);
    for (const course of courses) {
      if (course.server !== undefined && missing.includes(course.server)) {
        console.error(`${course.name}: left out, there is no ${course.server}`);
        continue;
      }
      const tools = course.peers ? present : present.filter(isEverywhere);
      await runCourse(bench, course, tools, options.rounds ?? course.rounds, figures);
    }
  } catch (error) {
    if (!bench.isInterrupted) throw error;
    if (!(error instanceof Interrupted)) console.error(`interrupted: ${error}`);
  }
  const isWanted = (name: string) =>
    options.only.length === 0 || options.only.some((one) => names(one, name));
  const wanted = courses.flatMap(({ scenes }) => scenes).filter(({ name }) => isWanted(name));
  return {
    scale: options.scale,
    startedAt,
    meter: bench.how,
    machine,
    tools: facts,
    scenes: reportScenes(figures, wanted),
  };
}

function serversOf(courses: readonly Course[]): Set<ServerName> {
  return new Set(courses.flatMap(({ server }) => server ?? []));
}

/** What every computer has, and not only who installs peers. */
function isEverywhere({ name, kind }: Tool): boolean {
  return kind !== "peer" || name === "git";
}

/** The version of a tool; one that cannot even tell it is not measured. */
async function factOf(bench: Bench, found: Found): Promise<ToolFact> {
  if ("missing" in found) return { name: found.name, missing: found.missing };
  const { name, kind, work } = found;
  const place = await bench.freshPlace(found, "version");
  try {
    await bench.measure(found, place, work.version!(place, ""));
  } catch (error) {
    if (!(error instanceof Failure) || kind === "lamin") throw error;
    return { name, missing: error.message };
  }
  const version = (await Deno.readTextFile(bench.output)).split("\n")[0]!.trim();
  return { name, kind, version };
}

/** 1 when something failed, or what must be reached was not. */
function exitCode({ scenes, scale }: Report): number {
  const failed = scenes.some(({ rows }) => rows.some(({ failure }) => failure !== undefined));
  const missed = scenes.some(({ limits }) => limits.some(({ state }) => state === "missed"));
  return failed || (missed && scale !== "small") ? 1 : 0;
}
