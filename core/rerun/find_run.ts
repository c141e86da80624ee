import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import { nameOf } from "../artifact/open_content.ts";
import type { Instance } from "../instance/instance.ts";
import { findArtifact } from "../reference/resolve.ts";
import { notFound } from "../reference/not_found.ts";
import { run } from "../registry/lamindb/run.ts";
import type { RunRow } from "./recipe.ts";

/** Fewest characters of a uid that count as a reference. */
const uidPrefixMin = 4;

/**
 * The run with this uid, or the last one that made the artifact that is meant. Throws code
 * "not_found" or "ambiguous".
 */
export async function findRun(
  instance: Instance,
  reader: Reader,
  reference: string,
): Promise<RunRow> {
  const [exact] = await reader.select(run, "uid = ?", [reference]);
  if (exact !== undefined) return exact;
  const row = await findArtifact(instance, reader, reference, "live");
  if (row !== undefined) return await makerOf(reader, row);
  const started = /^[0-9A-Za-z]+$/.test(reference) && reference.length >= uidPrefixMin
    ? reader.dialect.startsWith("uid", reference)
    : undefined;
  const runs = started === undefined
    ? []
    : await reader.select(run, `${started.sql} ORDER BY id LIMIT 6`, started.parameters);
  if (runs.length === 1) return runs[0]!;
  if (runs.length === 0) throw await notFound(reader, reference, "live");
  throw new LaminError("ambiguous", `'${reference}' means several runs`, {
    hint: `give more of the uid: ${runs.map(({ uid }) => uid).join(", ")}`,
    data: { reference, candidates: runs.map(({ uid }) => uid) },
  });
}

async function makerOf(
  reader: Reader,
  row: { readonly id: number; readonly uid: string } & Parameters<typeof nameOf>[0],
): Promise<RunRow> {
  const [maker] = await reader.select(
    run,
    `id IN (SELECT run_id FROM lamindb_artifact WHERE id = ? AND run_id IS NOT NULL
       UNION SELECT run_id FROM lamindb_artifact_recreating_runs WHERE artifact_id = ?)
     ORDER BY started_at DESC, id DESC LIMIT 1`,
    [row.id, row.id],
  );
  if (maker !== undefined) return maker;
  throw new LaminError("not_found", `no run is known that made ${nameOf(row)}`, {
    hint: "'lamin run' records what a command makes",
    data: { uid: row.uid },
  });
}
