/**
 * Writes `tests/fixtures/lamindb-2.12/postgres_catalog.txt.gz`: what a Postgres database is made of
 * that Python LaminDB made with the module bionty. `make_catalog.ts URL` after Python's own
 * `lamin init --modules bionty --db URL`.
 */
import { openPostgres } from "../../store/database/postgres/postgres.ts";
import { denoHost } from "../../store/host/deno.ts";
import { catalogOf } from "./catalog.ts";

const database = await openPostgres(denoHost(), { url: Deno.args[0]!, readOnly: true });
const lines = await database.read(catalogOf);
await database.close();
const text = new Blob([lines.join("\n") + "\n"]).stream();
const path = new URL("../fixtures/lamindb-2.12/postgres_catalog.txt.gz", import.meta.url);
await Deno.writeFile(path, text.pipeThrough(new CompressionStream("gzip")));
