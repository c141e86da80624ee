import assert from "node:assert/strict";
import { bun, node } from "../engines.ts";
import { withoutPowers } from "../powers.ts";
import { skippedName, test } from "../skip.ts";
import type { HostOutcome } from "./host_driver.ts";

const driver = new URL("./host_driver.ts", import.meta.url).pathname;
const probe = new URL("./host_probe.ts", import.meta.url).pathname;
const windows = Deno.build.os === "windows" ? "the host suite needs a POSIX shell" : undefined;
const deno = [Deno.execPath(), "run", "-A", "--no-check", "--quiet"];
const decoder = new TextDecoder();

test("host: Deno's own API under Deno", windows, async (context) => {
  await report(context, await runDriver(deno, driver, probe));
});

test("host: node: modules under Deno", windows, async (context) => {
  await report(context, await runDriver(deno, driver, probe, { LAMIN_PROBE_HOST: "node" }));
});

test("host: node: modules under Bun", windows ?? bun().missing, async (context) => {
  await report(context, await runDriver([bun().program], driver, probe));
});

test("host: node: modules under Node", windows ?? node().missing, async (context) => {
  const folder = await Deno.makeTempDir({ prefix: "lamin-test-" });
  try {
    // Node takes no TypeScript with everything that the sources use.
    await run(Deno.execPath(), ["bundle", "--quiet", "--outdir", folder, driver, probe]);
    const [main, helper] = [`${folder}/host_driver.mjs`, `${folder}/host_probe.mjs`];
    await Deno.rename(`${folder}/host_driver.js`, main);
    await Deno.rename(`${folder}/host_probe.js`, helper);
    await report(context, await runDriver([node().program], main, helper));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Runs the suite in a process of an engine; gives what became of each case. */
async function runDriver(
  engine: readonly string[],
  main: string,
  helper: string,
  environment: Record<string, string> = {},
): Promise<HostOutcome[]> {
  const words = [...withoutPowers(), ...engine, main, ...engine, helper];
  const output = await run(words[0]!, words.slice(1), environment);
  return output.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

async function run(program: string, args: string[], env: Record<string, string> = {}) {
  const signal = AbortSignal.timeout(120_000);
  const output = await new Deno.Command(program, { args, env, signal }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => decoder.decode(bytes));
  assert.ok(output.success, `${program} ended with ${output.code} after:\n${stdout}\n${stderr}`);
  return stdout!;
}

async function report(context: Deno.TestContext, outcomes: readonly HostOutcome[]): Promise<void> {
  assert.ok(outcomes.length > 50, `only ${outcomes.length} cases were run`);
  for (const { name, missing, failure } of outcomes) {
    await context.step({
      name: missing === undefined ? name : skippedName(name, missing),
      ignore: missing !== undefined,
      fn: () => {
        if (failure !== undefined) throw new Error(failure);
      },
    });
  }
}
