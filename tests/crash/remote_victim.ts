/**
 * The process that dies while it talks to servers: `remote_victim.ts SPECIFICATION` (JSON, see
 * {@link RemoteSpecification}) runs one command of the program. Each request to an HTTP server and
 * each message to a Postgres server is a step.
 *
 * With `dieAt` it ends by SIGKILL right before that step. Without, it prints how many steps the
 * command has, as JSON.
 */
import { Duplex } from "node:stream";
import { Socket } from "node:net";
import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";

export interface RemoteSpecification {
  /** The work tree, where the command runs. */
  readonly folder: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly words: readonly string[];
  readonly dieAt?: number;
}

/** How a victim ended that was not killed. */
export interface RemoteEnd {
  readonly code: number;
  readonly steps: number;
  readonly stderr: string;
}

const { folder, home, environment, words, dieAt } = JSON.parse(
  Deno.args[0]!,
) as RemoteSpecification;

let steps = 0;

function step(): void {
  if (steps++ === dieAt) Deno.kill(Deno.pid, "SIGKILL");
}

const { fetch } = globalThis;
globalThis.fetch = (...given) => {
  step();
  return fetch(...given);
};

// What goes to a Postgres server, and large bodies, each piece of which is a step then.
Socket.prototype.write = function (this: Socket, ...given: unknown[]) {
  step();
  return Duplex.prototype.write.apply(this, given as Parameters<Duplex["write"]>);
} as Socket["write"];

const host = denoHost();
let stderr = "";
const code = await main({
  ...host,
  workingDirectory: () => folder,
  homeDirectory: () => home,
  environment: (name) => environment[name],
  terminal: {
    ...host.terminal,
    inputIsTerminal: () => false,
    outputIsTerminal: () => false,
    errorIsTerminal: () => false,
    writeOutput: () => {},
    writeError: (bytes) => void (stderr += new TextDecoder().decode(bytes)),
  },
}, words);
console.log(JSON.stringify({ code, steps, stderr }));
Deno.exit(0);
