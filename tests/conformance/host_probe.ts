import { FileError, type Host } from "../../store/host/host.ts";
import { nodeHost } from "../../store/host/node.ts";
import { currentHost } from "../../store/host/select.ts";

const encoder = new TextEncoder();

/** What the probe can be asked for; each writes to standard output. */
const actions: Readonly<Record<string, (host: Host, words: readonly string[]) => unknown>> = {
  echo: async ({ terminal }) => {
    for await (const piece of terminal.input()) terminal.writeOutput(piece);
  },
  fill: ({ terminal, exit }, [size]) => {
    terminal.writeOutput(uneven(Number(size)));
    exit(0);
  },
  fill_error: ({ terminal }, [size]) => terminal.writeError(uneven(Number(size))),
  terminal: ({ terminal }) =>
    print(terminal, [
      terminal.inputIsTerminal(),
      terminal.outputIsTerminal(),
      terminal.errorIsTerminal(),
      terminal.columns(),
    ]),
  words: ({ terminal, commandLine }) => print(terminal, commandLine()),
  environment: ({ terminal, environment }, names) =>
    print(terminal, names.map((name) => environment(name) ?? null)),
  user: ({ terminal, homeDirectory, userName }) =>
    print(terminal, [homeDirectory(), userName() ?? null]),
  attach: async (host, [program, ...words]) => {
    const { code, signal, interruptedBy } = await host.runAttached(program!, words, {
      environment: { LAMIN_A: "b c" },
      onOutput: (stream, piece) =>
        stream === "stdout" ? host.terminal.writeOutput(piece) : host.terminal.writeError(piece),
    });
    host.terminal.writeError(encoder.encode(`${signal ?? "-"} ${interruptedBy ?? "-"}\n`));
    host.exit(code);
  },
  exit: ({ exit }, [code]) => exit(Number(code)),
};

/** Bytes with line ends at uneven distances. */
function uneven(size: number): Uint8Array {
  return new Uint8Array(size).map((_, index) => (index * 7919) >> 3);
}

function print(terminal: Host["terminal"], value: unknown): void {
  terminal.writeOutput(encoder.encode(JSON.stringify(value)));
}

// This variable forces the node host under an engine that would choose another.
const chosen = await currentHost();
const host = chosen.environment("LAMIN_PROBE_HOST") === "node" ? nodeHost() : chosen;
try {
  const [action, ...words] = host.commandLine();
  await actions[action ?? ""]?.(host, words);
} catch (error) {
  if (!(error instanceof FileError)) throw error;
  host.terminal.writeError(encoder.encode(`${error.path} ${error.code}\n`));
  host.exit(9);
}
