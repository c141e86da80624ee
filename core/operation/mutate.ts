import type { Writer } from "../../store/database/database.ts";
import { timestamp } from "../../store/database/values.ts";
import type { Instance } from "../instance/instance.ts";
import { randomBase62 } from "../identity/base62.ts";
import { laminChange, laminOperation, type OperationRow, sideTables } from "../side_tables.ts";
import { Changes } from "./changes.ts";

/** What an operation is called in the log. */
export interface OperationName {
  readonly verb: string;
  /** The words of the command line. */
  readonly command: readonly string[];
  /** The operation that this one reverses. */
  readonly undoes?: number;
}

/** The outcome of a change: what the command goes on with, and one line for the log. */
export interface Outcome<T> {
  readonly result: T;
  readonly summary: string;
  /** True to log the operation though no row was changed, because bytes were. */
  readonly isLogged?: boolean;
}

/**
 * Runs `work` as one operation: one transaction, and one entry in the operation log unless nothing
 * was changed (see `isLogged`). Throws code "denied" or "schema_unknown" when the instance must not
 * be written.
 */
export async function mutate<T>(
  instance: Instance,
  name: OperationName,
  work: (changes: Changes) => Promise<Outcome<T>>,
): Promise<{ result: T; operation: string | undefined }> {
  instance.requireWritable();
  return await instance.database.write(async (writer) => {
    await makeSideTables(instance, writer);
    const changes = new Changes(writer);
    const { result, summary, isLogged = false } = await work(changes);
    if (changes.recorded.length === 0 && !isLogged) return { result, operation: undefined };
    return { result, operation: await record(instance, writer, name, summary, changes) };
  });
}

/** Makes our side tables where they are missing. */
export async function makeSideTables(instance: Instance, writer: Writer): Promise<void> {
  if (await writer.hasTable(laminChange.name)) return;
  const { create } = await instance.host.hashing();
  await writer.script(
    await writer.dialect.createStatements(sideTables, (bytes) => {
      const hasher = create("md5");
      hasher.update(bytes);
      return hasher.digest();
    }),
  );
}

async function record(
  instance: Instance,
  writer: Writer,
  name: OperationName,
  summary: string,
  changes: Changes,
): Promise<string> {
  const operation: Omit<OperationRow, "id"> = {
    uid: randomBase62(instance.host, 12),
    created_at: timestamp(instance.host.now()),
    verb: name.verb,
    command: JSON.stringify(name.command),
    summary,
    user: instance.user.handle,
    host: instance.host.hostName(),
    undoes_id: name.undoes ?? null,
  };
  const [operation_id] = await writer.insert(laminOperation, [operation]);
  await writer.insert(
    laminChange,
    changes.recorded.map((change) => ({ ...change, operation_id: operation_id! })),
  );
  return operation.uid;
}
