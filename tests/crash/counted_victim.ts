/**
 * The process that dies while it stores: `counted_victim.ts SPECIFICATION` (JSON, see
 * {@link CountedSpecification}) runs one command of the program, and ends by SIGKILL when it is
 * about to stage one more file than it may.
 */
import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";
import { watchedHost } from "./seam.ts";

export interface CountedSpecification {
  /** The work tree, where the command runs. */
  readonly folder: string;
  readonly home: string;
  readonly words: readonly string[];
  /** How many files it may stage. */
  readonly files: number;
}

const { folder, home, words, files } = JSON.parse(Deno.args[0]!) as CountedSpecification;

let count = 0;
const host = watchedHost(denoHost(), {
  before: (call) => {
    const path = "to" in call ? call.to : call.path;
    const isStaged = call.kind === "create" || call.kind === "copy";
    if (!isStaged || !/\/objects\/staging\/[^/]+\/\d+$/.test(path)) return;
    if (count++ === files) Deno.kill(Deno.pid, "SIGKILL");
  },
});
Deno.exit(
  await main({
    ...host,
    workingDirectory: () => folder,
    homeDirectory: () => home,
    environment: () => undefined,
  }, words),
);
