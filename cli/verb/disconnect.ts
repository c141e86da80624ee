import { disconnect, disconnectHere } from "../../core/instance/disconnect.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly here?: boolean;
}

export default verb<Flags>({
  description: [
    "Takes back 'lamin connect': folders that belong to no instance have none again. Instance and data",
    "stay as they are, and so do its settings: 'lamin connect owner/name' makes it current again.",
  ].join("\n"),
  examples: [
    ["lamin disconnect", "no instance is current outside of the folders of instances"],
    ["lamin disconnect --here", "this folder belongs to no instance any more"],
  ],
  exitCodes: [exitCode.denied],
  flags: { here: toggle("Take away what 'connect --here' or 'init' noted in this folder") },
  // deno-lint-ignore require-await -- verbs are asynchronous
  async run(context, flags) {
    const { host, output } = context;
    output.requireFields(["removed"]);
    const removed = flags.here ? disconnectHere(host, host.workingDirectory()) : disconnect(host);
    output.result({ removed: removed ?? null }, () => removed === undefined ? "" : "disconnected");
    if (removed === undefined) output.note("nothing was connected");
  },
});
