import assert from "node:assert/strict";
import { openPostgres } from "../../store/database/postgres/postgres.ts";
import { denoHost } from "../../store/host/deno.ts";
import { missingPostgres, withDatabase } from "../postgres_server.ts";
import { test } from "../skip.ts";
import { withWorkspace } from "../lamin.ts";
import { catalogOf } from "./catalog.ts";

/** The lines of the database that Python made with bionty (`make_catalog.ts`). */
async function pythonCatalog(): Promise<string[]> {
  const path = new URL("../fixtures/lamindb-2.12/postgres_catalog.txt.gz", import.meta.url);
  const file = await Deno.open(path);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n");
}

async function ours(url: string): Promise<string[]> {
  const database = await openPostgres(denoHost(), { url });
  try {
    return await database.read(catalogOf);
  } finally {
    await database.close();
  }
}

for (const modules of [["--modules", "bionty"], []]) {
  const name = `init --db ${modules.join(" ")}: types, rules and indexes are Python's, by name`;
  test(name, missingPostgres(), async () => {
    await withDatabase((url) =>
      withWorkspace(async ({ lamin }) => {
        await lamin("init", "--db", url, ...modules);
        const python = await pythonCatalog();
        const wanted = modules.length > 0 ? python : python.filter((line) => !/bionty_/.test(line));
        assert.deepEqual(await ours(url), wanted);
      })
    );
  });
}
