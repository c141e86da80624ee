/**
 * Runs the program in a process that ends at once, as by a power loss, before a step of its work on
 * files: `crash_at.ts ROOT HOME STEP WORD…`. It ends with 99 then, and else with the program's own
 * code.
 */
import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";
import { recordingHost } from "../store/objects/recording_files.ts";

const [root, home, step, ...words] = Deno.args as [string, string, string, ...string[]];
const { host } = recordingHost(denoHost(), (_, index) => {
  if (index === Number(step)) Deno.exit(99);
});
Deno.exit(
  await main({
    ...host,
    workingDirectory: () => root,
    homeDirectory: () => home,
    environment: () => undefined,
  }, words),
);
