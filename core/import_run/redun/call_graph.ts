import type { Reader } from "../../../store/database/database.ts";

/** A job of redun with its task. */
export interface Job {
  readonly id: string;
  readonly start_time: string;
  readonly end_time: string | null;
  readonly cached: boolean;
  readonly call_hash: string | null;
  readonly parent_id: string | null;
  /** Name space and name of the task. */
  readonly fullname: string;
  readonly source: string;
}

interface Argument {
  readonly call_hash: string;
  readonly value_hash: string;
  readonly arg_position: number | null;
  readonly arg_key: string | null;
}

/** The tables of redun that are read (schema 3). */
export const tables = [
  "job",
  "task",
  "call_node",
  "call_edge",
  "argument",
  "value",
  "subvalue",
  "file",
];

/** Longer values are no parameters, in bytes. */
const valueBytesMax = 64 * 1024;

/** What redun knows of jobs, their calls and the files in their values. */
export class CallGraph {
  readonly jobs = new Map<string, Job>();
  /** Result of each call, by the hash of the call. */
  readonly calls = new Map<string, string>();
  readonly arguments = new Map<string, Argument[]>();
  /** Pickles of values that are short. */
  readonly values = new Map<string, Uint8Array>();
  readonly files = new Map<string, string>();
  readonly #children = new Map<string, string[]>();
  readonly #parts = new Map<string, string[]>();
  readonly #errors = new Set<string>();

  /** Paths of the files in a value. */
  filesIn(valueHash: string): string[] {
    const hashes = [valueHash, ...this.#parts.get(valueHash) ?? []];
    return hashes.flatMap((hash) => this.files.get(hash) ?? []);
  }

  /** Paths of the files that a call gave. */
  resultOf(callHash: string): string[] {
    return this.filesIn(this.calls.get(callHash) ?? "");
  }

  childrenOf(callHash: string): readonly string[] {
    return this.#children.get(callHash) ?? [];
  }

  hasFailed(callHash: string): boolean {
    const result = this.calls.get(callHash);
    return result === undefined || this.#errors.has(result);
  }

  static async read(reader: Reader): Promise<CallGraph> {
    const graph = new CallGraph();
    const rows = await reader.all<Record<keyof Job | "namespace" | "name", string | null>>(
      `SELECT job.id, start_time, end_time, cached, call_hash, parent_id, namespace, name, source
       FROM job JOIN task ON task.hash = job.task_hash ORDER BY start_time, job.id`,
    );
    for (const row of rows) {
      const name = [row.namespace, row.name].filter(Boolean).join(".");
      const job = { ...row, cached: Boolean(row.cached), fullname: name } as unknown as Job;
      graph.jobs.set(job.id, job);
    }
    for (
      const { call_hash, value_hash } of await reader.all<Argument>(
        "SELECT call_hash, value_hash FROM call_node",
      )
    ) graph.calls.set(call_hash, value_hash);
    for (
      const one of await reader.all<Argument>(
        "SELECT call_hash, value_hash, arg_position, arg_key FROM argument ORDER BY arg_position, arg_key",
      )
    ) push(graph.arguments, one.call_hash, one);
    await graph.#readValues(reader);
    await graph.#readLinks(reader);
    return graph;
  }

  async #readValues(reader: Reader): Promise<void> {
    const values = await reader.all<{ value_hash: string; value: Uint8Array }>(
      `SELECT value_hash, value FROM value
       WHERE length(value) <= ${valueBytesMax} AND type LIKE 'builtins.%' AND typeof(value) = 'blob'`,
    );
    for (const { value_hash, value } of values) this.values.set(value_hash, value);
    const errors = await reader.all<{ value_hash: string }>(
      "SELECT value_hash FROM value WHERE type = 'redun.ErrorValue'",
    );
    for (const { value_hash } of errors) this.#errors.add(value_hash);
    const files = await reader.all<{ value_hash: string; path: string }>(
      "SELECT value_hash, path FROM file",
    );
    for (const { value_hash, path } of files) this.files.set(value_hash, String(path));
  }

  async #readLinks(reader: Reader): Promise<void> {
    const edges = await reader.all<{ parent_id: string; child_id: string }>(
      "SELECT parent_id, child_id FROM call_edge",
    );
    for (const { parent_id, child_id } of edges) push(this.#children, parent_id, child_id);
    const parts = await reader.all<{ parent_value_hash: string; value_hash: string }>(
      "SELECT parent_value_hash, value_hash FROM subvalue",
    );
    for (const { parent_value_hash, value_hash } of parts) {
      push(this.#parts, parent_value_hash, value_hash);
    }
  }
}

/** Reads all of it. */
export function readCallGraph(reader: Reader): Promise<CallGraph> {
  return CallGraph.read(reader);
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
