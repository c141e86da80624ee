/** What other processes do at a moment of our choice. */

import { main } from "../../cli/main.ts";
import type { RemoteStores } from "../../cli/remote_stores.ts";
import type { Host } from "../../store/host/host.ts";
import type { Atlas } from "../cli/atlas.ts";
import { withRaw } from "../raw_database.ts";
import { storageOf, testEnvironment } from "../test_database.ts";

/** Does what a `gc` of another process does to all objects of artifacts that are no more. */
export function collect({ root }: Atlas): void {
  withRaw(root, (database) => {
    const dead = database.all(
      `SELECT id, name FROM lamin_object WHERE name NOT IN (SELECT _real_key FROM lamindb_artifact)`,
    );
    for (const { id, name } of dead) {
      database.run("DELETE FROM lamin_object WHERE id = ?", id!);
      Deno.removeSync(`${storageOf(root)}/${name}`, { recursive: true });
    }
  });
}

/** Runs the program in an atlas over a host and stores on servers; gives what it said. */
export async function runOn(
  host: Host,
  atlas: Atlas,
  words: readonly string[],
  { input, stores }: { readonly input?: string | undefined; readonly stores?: RemoteStores } = {},
) {
  const errors: string[] = [];
  const output: string[] = [];
  const code = await main(
    {
      ...host,
      workingDirectory: () => atlas.root,
      homeDirectory: () => atlas.home,
      environment: (name) => testEnvironment[name],
      terminal: {
        ...host.terminal,
        async *input() {
          if (input !== undefined) yield new TextEncoder().encode(input);
        },
        writeOutput: (bytes) => void output.push(new TextDecoder().decode(bytes)),
        writeError: (bytes) => void errors.push(new TextDecoder().decode(bytes)),
      },
    },
    words,
    stores,
  );
  return { code, stdout: output.join(""), stderr: errors.join("") };
}

/** Does what `rm --permanent` of another process does to all artifacts. */
export function deleteArtifacts({ root }: Atlas): void {
  withRaw(root, (database) =>
    database.run(
      "DELETE FROM lamin_content; DELETE FROM lamin_manifestfile; DELETE FROM lamindb_artifact",
    ));
}
