import type { Workspace } from "../lamin.ts";

/** A task of Nextflow in the tests: its hash, and when it ended in seconds since 1970. */
export interface NextflowTask {
  readonly hash: string;
  readonly end: number;
}

export const align: NextflowTask = { hash: "862df53160e07cd823c0c3960545e747", end: 1_780_000_000 };
export const report: NextflowTask = {
  hash: "2d8bd92c69f732605bc99941e60d5319",
  end: 1_780_000_100,
};
export const workflow = "16b31030474f2e96c55f4940bca3ab64";

/** The folder of a task below the folder of the workflow. */
export function workFolder({ hash }: NextflowTask): string {
  return `work/${hash.slice(0, 2)}/${hash.slice(2)}`;
}

/**
 * Writes what Nextflow leaves of a task in its work folder: script, log, exit code, links to what
 * it was given, and what it wrote.
 */
export function leaveTask(
  { write, path }: Pick<Workspace, "write" | "path">,
  at: string,
  task: NextflowTask,
  { script, links, outputs, exit = 0 }: {
    readonly script: string;
    readonly links: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, string>>;
    readonly exit?: number;
  },
): void {
  const folder = `${at}/${workFolder(task)}`;
  const files = {
    ".command.begin": "",
    ".command.run": "#!/bin/bash\n",
    ".command.sh": `#!/bin/bash -ue\n${script}\n`,
    ".command.log": `ran ${script}\n`,
    ".exitcode": String(exit),
    ...outputs,
  };
  for (const [name, content] of Object.entries(files)) {
    write(`${folder}/${name}`, content);
    const time = name === ".command.begin" ? task.end - 30 : task.end;
    Deno.utimeSync(path(`${folder}/${name}`), time, time);
  }
  for (const [name, target] of Object.entries(links)) {
    Deno.symlinkSync(target, path(`${folder}/${name}`));
  }
}

/** A trace as `-with-trace` writes it, with its usual columns. */
export function traceOf(
  rows: readonly { readonly task: NextflowTask; readonly name: string; readonly status: string }[],
): string {
  const lines = rows.map(({ task: { hash }, name, status }, index) =>
    [
      index + 1,
      `${hash.slice(0, 2)}/${hash.slice(2, 8)}`,
      2032 + index,
      name,
      status,
      status === "FAILED" ? 1 : 0,
      "2026-05-28 20:26:16.288",
      "1m",
      "5s",
      "0.0%",
      "29.8 MB",
      "354 MB",
      "33.3 MB",
      "0",
    ].join("\t")
  );
  const names = "task_id\thash\tnative_id\tname\tstatus\texit\tsubmit\tduration\trealtime\t%cpu\t" +
    "peak_rss\tpeak_vmem\trchar\twchar";
  return `${[names, ...lines].join("\n")}\n`;
}

/** A record of lineage in the form of its documentation (`lineage/v1beta1`). */
export function recordOf(kind: string, spec: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ version: "lineage/v1beta1", kind, spec }, null, 2);
}

/** A checksum as records have it; its algorithm is Nextflow's own. */
export const checksum = {
  value: "b14f5171a48ce5c22ea27d7b8e57b6c4",
  algorithm: "nextflow",
  mode: "standard",
};
