/** The program run inside the test, which is much faster than as a process of its own. */

import { main } from "../../cli/main.ts";
import type { RemoteStores } from "../../cli/remote_stores.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import { TestDatabases, testEnvironment } from "../test_database.ts";

/** They stay as long as their server, which ends with the tests. */
const databases = new TestDatabases();

export interface Place {
  /** Working directory. */
  readonly folder: string;
  readonly home: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input; there is none unless given. */
  readonly input?: string;
  /** Whether a person looks at standard output and error. */
  readonly isTerminal?: boolean;
  /** Called with what goes to standard output, in place of collecting it. */
  readonly writeOutput?: (bytes: Uint8Array) => void;
  /** Puts something between the program and its host. */
  readonly wrap?: (host: Host) => Host;
  /** Opens what is not on this machine. */
  readonly stores?: RemoteStores;
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line. */
export async function say(place: Place, ...words: readonly string[]): Promise<Said> {
  const output: Uint8Array[] = [];
  const error: Uint8Array[] = [];
  const host = hostIn(
    place,
    place.writeOutput ?? ((bytes) => void output.push(bytes.slice())),
    error,
  );
  const given = await databases.wordsFor(words, place.folder);
  const code = await main(place.wrap?.(host) ?? host, given, place.stores);
  if (code === 0) {
    await databases.furnish(words, place.folder, (...more) => say(place, ...more));
  }
  return { code, stdout: textOf(output), stderr: textOf(error) };
}

function hostIn(place: Place, writeOutput: (bytes: Uint8Array) => void, error: Uint8Array[]): Host {
  const host = denoHost();
  const { folder, home, environment = {}, input, isTerminal = false } = place;
  return {
    ...host,
    environment: (name) => environment[name] || testEnvironment[name] || undefined,
    environmentNames: () => Object.keys({ ...testEnvironment, ...environment }),
    workingDirectory: () => folder,
    homeDirectory: () => home,
    terminal: {
      ...host.terminal,
      async *input() {
        if (input !== undefined) yield new TextEncoder().encode(input);
      },
      inputIsTerminal: () => false,
      outputIsTerminal: () => isTerminal,
      errorIsTerminal: () => isTerminal,
      columns: () => 100,
      writeOutput,
      writeError: (bytes) => void error.push(bytes.slice()),
    },
  };
}

function textOf(pieces: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
}
