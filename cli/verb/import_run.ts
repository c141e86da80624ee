import type { ImportedWorkflow } from "../../core/import_run/imported.ts";
import type { ImportResult } from "../../core/import_run/import_workflow.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { basename, relativeTo, resolve } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { text, texts, toggle } from "../flags.ts";
import { plural } from "../render/quantity.ts";
import { type CommonFlags, verb } from "../verb.ts";

interface Flags {
  readonly workflow?: string;
  readonly also?: readonly string[];
  readonly trace?: string;
  readonly asTheyAre?: boolean;
  readonly noCopy?: boolean;
  readonly link?: boolean;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Records what a workflow manager did in a folder: one run for each task, with the code of its rule,",
    "process or function, its parameters and times, and with its inputs and outputs, which are added.",
    "A file that changed after the task is not what the task saw, and is not linked with it. Importing",
    "again adds what is new and changes nothing else.",
    "Files outside of the folder and of the instance are not read unless --also names their folder.",
  ].join("\n"),
  examples: [
    ["lamin import-run snakemake", "what Snakemake did in this folder"],
    ["lamin import-run snakemake analysis/ --dry-run", "what would be recorded"],
    ["lamin import-run redun analysis/ --also /data/genomes", "with inputs from elsewhere"],
    ["lamin import-run nextflow . --trace trace.txt", "what a trace of Nextflow tells"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.busy, exitCode.denied, exitCode.schemaUnknown],
  flags: {
    workflow: text("name", "What goes before names of rules; the folder's name unless given"),
    also: texts("folder", "A folder elsewhere from which files may be taken"),
    trace: text("file", "Nextflow's trace, where it has another name than trace.txt"),
    asTheyAre: toggle("Take files as they are now, even if they changed after their task"),
    noCopy: toggle("Register the files where they lie instead of storing them"),
    link: toggle("Store by a second name of the same file (hard link): do not edit it afterwards"),
    dryRun: toggle("Show what would be done"),
  },
  aliases: { n: "dryRun" },
  arguments: {
    brief: "snakemake, nextflow or redun, and the folder in which it worked",
    placeholder: "manager",
    minimum: 1,
    maximum: 2,
    completes: "path",
  },
  run,
});

const managers = ["snakemake", "nextflow", "redun"] as const;

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  const { host } = context;
  if (flags.noCopy && flags.link) {
    throw new LaminError("usage", "--no-copy and --link exclude each other");
  }
  context.output.requireFields(["manager", "imported", "known", "files", "unlinked"]);
  const [manager, given = "."] = args as [string, string?];
  const instance = await context.instance();
  const folder = folderAt(host, given);
  const workflow = await read(host, manager, folder, flags.trace);
  const { importWorkflow } = await import("../../core/import_run/import_workflow.ts");
  const progress = context.output.progress("importing");
  try {
    const result = await importWorkflow(instance, workflow, {
      operation: context.operation("import-run"),
      prefix: prefixOf(flags.workflow, workflow.folder, instance.workTree.root),
      also: (flags.also ?? []).map((one) => folderAt(host, one)),
      asTheyAre: flags.asTheyAre ?? false,
      mode: flags.noCopy ? "in place" : flags.link ? "link" : "copy",
      dryRun: flags.dryRun ?? false,
      onTotal: (bytes) => progress.expect(bytes),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    });
    progress.end();
    print(context, flags, workflow, result);
  } finally {
    progress.end();
  }
}

async function read(
  host: Host,
  manager: string,
  folder: string,
  trace: string | undefined,
): Promise<ImportedWorkflow> {
  if (trace !== undefined && manager !== "nextflow") {
    throw new LaminError("usage", "--trace is about Nextflow");
  }
  switch (manager) {
    case "snakemake": {
      const { readSnakemake } = await import("../../core/import_run/snakemake/read_snakemake.ts");
      return await readSnakemake(host, folder);
    }
    case "redun": {
      const { readRedun } = await import("../../core/import_run/redun/read_redun.ts");
      return await readRedun(host, folder);
    }
    case "nextflow": {
      const { readNextflow } = await import("../../core/import_run/nextflow/read_nextflow.ts");
      const file = trace === undefined ? undefined : resolve(host.workingDirectory(), trace);
      return readNextflow(host, folder, file);
    }
  }
  const { nearest } = await import("../../core/text/nearest.ts");
  const [near] = nearest(manager, managers);
  throw new LaminError("usage", `'${manager}' is no workflow manager that is known`, {
    hint: near === undefined ? `known are ${managers.join(", ")}` : `did you mean '${near}'?`,
  });
}

function folderAt(host: Host, given: string): string {
  const path = resolve(host.workingDirectory(), given);
  if (host.files.stat(path)?.kind === "directory") return host.files.realPath(path);
  throw new LaminError("not_found", `there is no folder ${given}`, { data: { path } });
}

/** Where the workflow lies in the work tree, or what its folder is called. */
function prefixOf(given: string | undefined, folder: string, workTree: string): string {
  return (given ?? (relativeTo(workTree, folder) || basename(folder))).replace(/^\/+|\/+$/g, "");
}

function print(
  { output }: Context,
  { dryRun = false }: Flags,
  { manager, passedOver }: ImportedWorkflow,
  { imported, known, files, unlinked }: ImportResult,
): void {
  const value = {
    manager,
    imported: imported.length,
    known,
    files,
    unlinked: unlinked.map(({ path, why }) => ({ path, why })),
  };
  output.result(value, () => {
    const runs = plural(imported.length, "run");
    const before = known === 0 ? "" : `, ${known} known already`;
    return imported.length === 0
      ? `nothing new${before}`
      : `${dryRun ? "would import" : "imported"} ${runs} with ${plural(files, "file")}${before}`;
  });
  for (const line of passedOver.slice(0, shownMax)) output.warn(output.safe(line));
  if (passedOver.length > shownMax) output.warn(`… and ${passedOver.length - shownMax} more`);
  for (const { path, why } of unlinked.slice(0, shownMax)) {
    output.warn(`not linked: ${output.safe(path)}: ${output.safe(why)}`);
  }
  if (unlinked.length > shownMax) output.warn(`not linked: ${unlinked.length - shownMax} more`);
}

/** How many remarks of one kind are printed. */
const shownMax = 10;
