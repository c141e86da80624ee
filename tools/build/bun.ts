import { dist, programSuffix } from "./paths.ts";
import { mustRun, run } from "./run.ts";

const version = "1.4.5";
const folder = `${dist}/.tools`;

/**
 * The program of Bun in the version that builds are made with: the one on the PATH, or one that npm
 * installs into dist/.tools, once; later builds need no network.
 */
export async function bunProgram(): Promise<string> {
  const found = await firstBun(["bun", ...await installed()]);
  if (found !== undefined) return found;
  await Deno.mkdir(folder, { recursive: true });
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  await mustRun(npm, ["install", "--prefix", folder, "--no-audit", "--no-fund", `bun@${version}`]);
  const fresh = await firstBun(await installed());
  if (fresh === undefined) throw new Error(`npm installed no bun ${version} that runs here`);
  return fresh;
}

/**
 * Bun's package has its program ready only where npm ran the install script; else a part has it.
 */
async function installed(): Promise<string[]> {
  const programs = [`${folder}/node_modules/bun/bin/bun.exe`];
  try {
    for await (const { name } of Deno.readDir(`${folder}/node_modules/@oven`)) {
      programs.push(`${folder}/node_modules/@oven/${name}/bin/bun${programSuffix}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return programs;
}

async function firstBun(programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    const { ok, stdout } = await run(program, ["--version"]);
    if (ok && stdout.trim() === version) return program;
  }
  return undefined;
}
