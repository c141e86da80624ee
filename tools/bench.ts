/**
 * Measures the executable beside its neighbours: `deno task bench`. What it can be asked is in
 * `bench/options.ts`, the work in `bench/courses/`, the tools in `bench/tools/`.
 */
import { chosen, coursesOf } from "./bench/courses.ts";
import { type Options, parseOptions, usage, UsageError } from "./bench/options.ts";
import { scales } from "./bench/scale.ts";
import { runBench } from "./bench/run_bench.ts";

function parsed(words: readonly string[]): Options {
  if (words.includes("--help")) {
    console.log(usage);
    Deno.exit(0);
  }
  const options = parseOptions(words);
  // A wrong name is told before anything is prepared.
  chosen(coursesOf(scales[options.scale]), options.only);
  return options;
}

if (import.meta.main) {
  try {
    const options = parsed(Deno.args);
    if (options.list) {
      for (const { scenes } of chosen(coursesOf(scales[options.scale]), options.only)) {
        for (const { name, title } of scenes) console.log(`${name.padEnd(22)} ${title}`);
      }
    } else Deno.exit(await runBench(options));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    Deno.exit(2);
  }
}
