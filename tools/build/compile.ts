import { bunProgram } from "./bun.ts";
import { binary, dist, root } from "./paths.ts";
import { mustRun, run } from "./run.ts";

/** What runs inside the executable. */
export type Engine = "deno" | "bun";

const bundle = `${dist}/bundle`;

/**
 * Puts the sources and the npm packages that they use into plain JavaScript, in pieces: one for
 * `cli/main.ts` and one for whatever is loaded on demand. Both engines compile that, so that
 * neither needs to know deno.json's names of packages, and no package carries files along that
 * nobody loads.
 */
export async function bundleSources(): Promise<void> {
  await Deno.remove(bundle, { recursive: true }).catch(() => {});
  const args = ["bundle", "--quiet", "--code-splitting", "--outdir", bundle, "cli/main.ts"];
  await mustRun(Deno.execPath(), args, { cwd: root });
}

/**
 * Compiles the bundle into dist/lamin with the engine wanted, or with Deno where its base program
 * can be had and else with Bun, which comes from npm.
 * @returns the engine in the executable.
 */
export async function compileBundle(wanted: Engine | undefined): Promise<Engine> {
  await Deno.remove(binary).catch(() => {});
  if (wanted !== "bun") {
    const failure = await compileWithDeno();
    if (failure === undefined) return "deno";
    if (wanted === "deno") throw new Error(failure);
    console.error(`deno compile cannot be used here, so Bun is: ${lastLine(failure)}`);
  }
  await compileWithBun();
  return "bun";
}

/** Gives what went wrong, or undefined. */
async function compileWithDeno(): Promise<string | undefined> {
  const args = ["compile", "--quiet", "-A", "--no-check", "--no-config", "--no-lock"];
  // The code cache would be a file with a known name in a folder that others can write to.
  args.push("--no-code-cache", "--output", binary, `${bundle}/main.js`);
  const { ok, stderr } = await run(Deno.execPath(), args, { cwd: dist });
  return ok ? undefined : stderr;
}

/**
 * Measured (start of `--version`, median of 20, two cores): one piece 34 ms, split 14 ms, bytecode
 * 9 ms, split with bytecode 7.6 ms. Names are kept, since shorter ones gain nothing and spoil the
 * report of a failure.
 */
async function compileWithBun(): Promise<void> {
  const args = ["build", "--compile", "--format=esm", "--splitting", "--bytecode"];
  args.push("--minify-syntax", "--minify-whitespace");
  // The folder that lamin runs in may be a stranger's: nothing in it configures the program.
  for (const file of ["dotenv", "bunfig", "tsconfig", "package-json"]) {
    args.push(`--no-compile-autoload-${file}`);
  }
  await mustRun(await bunProgram(), [...args, "--outfile", binary, `${bundle}/main.js`], {
    cwd: dist,
  });
}

function lastLine(text: string): string {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/\x1b\[[0-9;]*m/g, "");
  const causes = plain.split("\n").filter((line) => /^\s+\d+: (?!<)/.test(line));
  return (causes.at(-1) ?? plain).trim().replace(/^\d+: /, "");
}
