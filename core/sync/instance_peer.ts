import type { Reader } from "../../store/database/database.ts";
import { identityOf } from "../instance/identity.ts";
import type { Instance } from "../instance/instance.ts";
import { branchId } from "../instance/user.ts";
import { artifactsMeeting } from "../query/artifacts_meeting.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { Registry } from "../registry/registry.ts";
import { InstanceSource } from "./contents/instance_source.ts";
import { Ledgers } from "./ledger/ledgers.ts";
import { keepsLedger, noteOwn, type SeenLedgers } from "./note_own.ts";
import { shapesOf, sideOf } from "./open_side.ts";
import type { Selection } from "./plan/sync_plan.ts";
import { closureOf } from "./select/closure.ts";
import { seenState } from "./seen_state.ts";
import type { Choice, SourcePeer, SourceState } from "./source_peer.ts";
import { findTables, registriesAmong } from "./unknown/find_tables.ts";

/** An instance that is open in this process as the source of a sync. */
export async function instancePeer(
  instance: Instance,
  registries: readonly Registry[],
): Promise<SourcePeer> {
  const { uid } = await identityOf(instance);
  const hashing = await instance.host.hashing();
  const keepsOwn = await keepsLedger(instance);
  let seen: SeenLedgers | undefined;
  return {
    uid,
    slug: instance.slug,
    contents: new InstanceSource(instance),
    get fixedFile() {
      return instance.schema.state === "known" ? instance.database.fixedFile : undefined;
    },
    note: async () => {
      if (keepsOwn) await noteOwn(instance, registries, seen);
      seen = undefined;
    },
    read: (work) =>
      instance.database.read(async (reader) => {
        const ledgers = new Ledgers(reader, "");
        const unknown = await findTables(reader, registries);
        const all = [...registries, ...registriesAmong(unknown, registries)];
        const { rows } = sideOf(instance, reader, ledgers, shapesOf(all), hashing);
        const now = await seenState(reader);
        const noted = (table: string) => {
          seen = { state: now, ledgers };
          return ledgers.of(table);
        };
        const state: SourceState = {
          rows,
          identities: rows.identities,
          seen: now,
          ledger: keepsOwn ? noted : undefined,
          notes: keepsOwn ? undefined : (table) => ledgers.of(table),
          unknown,
          select: (choice) => selectionOf(reader, registries, all, choice),
          latestAmong: (uids) => latestAmong(reader, uids),
        };
        return await work(state);
      }),
  };
}

async function selectionOf(
  reader: Reader,
  known: readonly Registry[],
  all: readonly Registry[],
  { conditions, branch }: Choice,
): Promise<Selection> {
  const branches = branch === undefined ? "all" : [await branchId(reader, branch)];
  const ids = await artifactsMeeting(reader, known, conditions, branches);
  return await closureOf(reader, all, new Map([[artifact.name, ids]]));
}

/** Artifacts that are asked for together. */
const batchSize = 5000;

async function latestAmong(reader: Reader, uids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let start = 0; start < uids.length; start += batchSize) {
    const list = reader.dialect.valuesOf(uids.slice(start, start + batchSize));
    const rows = await reader.select(artifact, `uid IN (${list.sql})`, list.parameters);
    for (const row of rows) if (row.is_latest) found.push(row.uid);
  }
  return found;
}
