import { collectProvenance } from "../../core/export/collect.ts";
import type { Lineage } from "../../core/lineage/lineage.ts";
import { type Provenance, runFilesOf } from "../../core/export/provenance.ts";
import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { count, text, toggle } from "../flags.ts";
import type { JsonObject } from "../output.ts";
import { lineageStart } from "../lineage_start.ts";
import { registriesOf } from "../registries.ts";
import { jsonText } from "../render/json_text.ts";
import { formatBytes, plural } from "../render/quantity.ts";
import { type CommonFlags, verb } from "../verb.ts";
import { programVersion } from "../version.ts";

interface Flags {
  readonly openlineage?: boolean;
  readonly prov?: boolean;
  readonly mermaid?: boolean;
  readonly roCrate?: string;
  readonly links?: boolean;
  readonly license?: string;
  readonly name?: string;
  readonly depth?: number;
}

export default verb<Flags>({
  description: [
    "Writes where an artifact came from in a format of others: all runs behind it, or behind a",
    "collection, or one run and what is behind that. What looks like a secret is taken out.",
    "--openlineage prints run events, a line each; --prov a document of W3C PROV in JSON; --mermaid a",
    "block for a README. --ro-crate makes a new folder, or a zip file by a name that ends so, with the",
    "data, the source code and a description after the Process Run Crate profile; the bytes are",
    "checked as they are read.",
  ].join("\n"),
  examples: [
    ["lamin export results/umap.h5ad --openlineage > events.ndjson", "for Marquez and others"],
    ["lamin export results/umap.h5ad --ro-crate umap-crate.zip", "to publish with its history"],
    ["lamin export results/umap.h5ad --ro-crate crate --links", "the same without the bytes"],
    ["lamin export results/umap.h5ad --mermaid >> README.md", "a graph that is drawn there"],
    ["lamin export run 3ePfUFx --prov --depth 1", "one run with its inputs and outputs"],
  ],
  exitCodes: [exitCode.noInstance, exitCode.denied, exitCode.damaged],
  flags: {
    openlineage: toggle("Print events of OpenLineage"),
    prov: toggle("Print a document of W3C PROV"),
    mermaid: toggle("Print a block of Markdown with a graph"),
    roCrate: text("path", "Make an RO-Crate, a folder or a zip file"),
    links: toggle("With --ro-crate: say where data lie instead of bringing them"),
    license: text("license", "With --ro-crate: a URL or an identifier such as CC-BY-4.0"),
    name: text("text", "With --ro-crate: what it is called"),
    depth: count("n", "Over how many runs to go, 0 for all"),
  },
  aliases: { d: "depth" },
  arguments: {
    brief: "An artifact; or 'collection' or 'run' and which one",
    placeholder: "reference",
    minimum: 1,
    maximum: 2,
    completes: "reference",
  },
  run,
});

async function run(context: Context, flags: Flags & CommonFlags, args: readonly string[]) {
  requireOneFormat(flags);
  const instance = await context.instance();
  const registries = await registriesOf(instance);
  const depth = flags.depth || Infinity;
  const found = await instance.database.read(async (reader) => {
    const start = await lineageStart(instance, reader, registries, args);
    if (start.kind === "transform") {
      throw new LaminError("usage", "a transform has no history of its own", {
        hint: "name one of its runs, or an artifact",
      });
    }
    const directions = ["up"] as const;
    if (flags.mermaid) {
      const { lineageOf } = await import("../../core/lineage/lineage.ts");
      return { lineage: await lineageOf(reader, { start, directions, depth }) };
    }
    const runFiles = flags.roCrate !== undefined;
    const allOutputs = !runFiles;
    const request = { starts: [start], directions, depth, allOutputs, runFiles };
    return { provenance: await collectProvenance(instance, reader, request) };
  });
  if (found.lineage !== undefined) await printMermaid(context, found.lineage);
  else if (flags.openlineage) await printEvents(context, found.provenance);
  else if (flags.prov) await printProv(context, found.provenance);
  else await writeCrate(context, flags, flags.roCrate!, found.provenance);
}

function requireOneFormat(flags: Flags): void {
  const { openlineage, prov, mermaid, roCrate, links, license, name } = flags;
  const formats = [openlineage, prov, mermaid, roCrate !== undefined].filter(Boolean).length;
  if (formats !== 1) {
    throw new LaminError("usage", formats === 0 ? "no format was named" : "several formats", {
      hint: "give one of --openlineage, --prov, --mermaid and --ro-crate PATH",
    });
  }
  if (roCrate === undefined && (links || license !== undefined || name !== undefined)) {
    throw new LaminError("usage", "--links, --license and --name are about an RO-Crate", {
      hint: "add --ro-crate PATH, or leave them out",
    });
  }
}

async function printMermaid({ output }: Context, lineage: Lineage): Promise<void> {
  const { mermaidOf } = await import("../../core/lineage/drawing/mermaid.ts");
  const { redactSource } = await import("../../core/run/redact.ts");
  const graph = redactSource(mermaidOf(lineage));
  printDocument(output, { mermaid: graph }, `\`\`\`mermaid\n${graph}\n\`\`\``);
}

async function printEvents({ host, output }: Context, provenance: Provenance): Promise<void> {
  const { openLineageEvents } = await import("../../core/export/openlineage/events.ts");
  const producer = { version: programVersion, hashing: await host.hashing() };
  for (const event of openLineageEvents(provenance, producer)) {
    printDocument(output, event as JsonObject, jsonText(event));
  }
}

async function printProv({ output }: Context, provenance: Provenance): Promise<void> {
  const { provJson } = await import("../../core/export/prov_json.ts");
  const document = provJson(provenance);
  printDocument(output, document as JsonObject, jsonText(document, 2));
}

/** For people too it is a document for programs: as bytes, since nothing in it is to be changed. */
function printDocument(output: Context["output"], value: JsonObject, text: string): void {
  if (output.mode === "human") output.bytes(new TextEncoder().encode(`${text}\n`));
  else output.result(value, () => "");
}

async function writeCrate(
  context: Context,
  flags: Flags,
  to: string,
  provenance: Provenance,
): Promise<void> {
  const { newPlace } = await import("../../core/artifact/get/destination.ts");
  const { exportCrate } = await import("../../core/export/ro_crate/export_crate.ts");
  const { output, host } = context;
  const instance = await context.instance();
  const place = newPlace(instance, to);
  const progress = output.progress("exporting");
  try {
    const written = await exportCrate(instance, provenance, {
      ...place,
      links: flags.links ?? false,
      day: host.now().toISOString().slice(0, 10),
      author: instance.user,
      ...(flags.license === undefined ? {} : { license: flags.license }),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      onProgress: (bytes, files) => progress.advance(bytes, files),
    });
    const runs = provenance.runs.size;
    const data = provenance.data.size - runFilesOf(provenance).size;
    output.result(
      { path: to, ...written, runs, data },
      () =>
        `${output.safe(to)}: ${plural(written.files, "file")}, ${
          formatBytes(written.bytes)
        }, with ${plural(data, "data set")} and ${plural(runs, "run")}`,
    );
  } finally {
    progress.end();
  }
}
