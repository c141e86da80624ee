import { LaminError } from "../../store/errors.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { remoteSchemeOf } from "../instance/remote_root.ts";
import { nearest } from "../text/nearest.ts";
import { storageRoot } from "./storage_root.ts";

/**
 * A storage of an instance by its uid or a unique beginning of it, by its root, or `own`. Throws
 * code "not_found" or "ambiguous".
 */
export function findStorage(instance: Instance, text: string): StorageRow {
  if (text === "own") return instance.ownStorage;
  const rows = [...instance.storages.values()];
  const found = rows.find(({ root }) => root === rootOf(instance, text)) ??
    rows.find(({ uid }) => uid === text);
  if (found !== undefined) return found;
  const beginning = rows.filter(({ uid }) => text.length >= 4 && uid.startsWith(text));
  if (beginning.length === 1) return beginning[0]!;
  if (beginning.length > 1) {
    throw new LaminError("ambiguous", `several storages have a uid that begins with '${text}'`, {
      data: { candidates: beginning.map(({ uid }) => uid) },
    });
  }
  const near = nearest(text, rows.flatMap(({ uid, root }) => [uid, root]));
  throw new LaminError("not_found", `the instance has no storage '${text}'`, {
    hint: near.length > 0
      ? `did you mean '${near[0]}'?`
      : "'lamin storage list' shows them, 'lamin storage add' makes another one known",
    data: { storage: text },
  });
}

function rootOf(instance: Instance, text: string): string | undefined {
  if (remoteSchemeOf(text) === undefined && !text.includes("/")) return undefined;
  try {
    return storageRoot(instance.host, text);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}
