/**
 * `deno task demo`: a tour on real files in a temporary folder, each command shown with its
 * output. It fails when a command ends otherwise than the tour says.
 */
const project = new URL("..", import.meta.url).pathname;
const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-demo-" }));
const atlas = `${base}/atlas`;
const decoder = new TextDecoder();
const bold = (text: string) =>
  Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR") ? `\x1b[1m${text}\x1b[22m` : text;

function say(text: string): void {
  console.log(`\n# ${text}`);
}

/** Shows a command line and its output. `input` stands for what a pipe before it gives. */
async function lamin(line: string, options: { input?: Uint8Array; code?: number } = {}) {
  console.log(bold(`$ lamin ${line}`));
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${project}cli/main.ts`, ...words],
    cwd: atlas,
    env: { LAMIN_SETTINGS_DIR: `${base}/home` },
    stdin: options.input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (options.input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(options.input as Uint8Array<ArrayBuffer>);
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  console.log((decoder.decode(stdout) + decoder.decode(stderr)).trimEnd());
  if (code !== (options.code ?? 0)) {
    throw new Error(`'lamin ${line}' ended with ${code}`);
  }
}

async function copy(fixture: string, to: string): Promise<void> {
  Deno.mkdirSync(`${atlas}/${to}`.replace(/\/[^/]+$/, ""), { recursive: true });
  const done = await new Deno.Command("cp", {
    args: ["-r", `${project}tests/fixtures/files/${fixture}`, `${atlas}/${to}`],
  }).output();
  if (!done.success) throw new Error(decoder.decode(done.stderr));
}

try {
  Deno.mkdirSync(atlas);
  await copy("tables/samplesheet.csv", "samples.csv");
  await copy("tables/iris.csv", "raw/iris.csv");
  await copy("omics/ls_orchid.fasta", "raw/ls_orchid.fasta");
  await copy("anndata/csc_int16.h5ad", "pbmc.h5ad");
  await copy("anndata/pbmc_v2.zarr", "pbmc.zarr");

  say("An instance is a folder '.lamindb/' beside your data.");
  await lamin("init . --modules bionty");
  await lamin("status");
  await lamin("add . --description 'first import'");

  say("Change a cell, and ask what changed.");
  const table = Deno.readTextFileSync(`${atlas}/raw/iris.csv`);
  Deno.writeTextFileSync(`${atlas}/raw/iris.csv`, table.replace("5.1,3.5", "5.2,3.5"));
  await lamin("status --short --exit-code", { code: 3 });
  await lamin("diff raw/iris.csv");
  await lamin("add raw");
  await lamin("diff raw/iris.csv@0000 raw/iris.csv@0001 --stat");
  await lamin("log raw/iris.csv");

  say("The output of a pipe is an artifact too.");
  await lamin("add - --key qc/head.fasta", {
    input: Deno.readFileSync(`${atlas}/raw/ls_orchid.fasta`).slice(0, 600),
  });
  await lamin("list artifact suffix__in=.csv,.fasta");

  say("Every version can be had back, every command can be undone.");
  await lamin("get raw/iris.csv@0000 --to ../before.csv");
  await lamin("mv raw/ls_orchid.fasta reference/orchid.fasta");
  await lamin("rm pbmc.zarr");
  await lamin("undo");
  await lamin("op log");

  say("A command is recorded with what it read and made; any copy of its output tells the story.");
  Deno.writeTextFileSync(
    `${atlas}/count.sh`,
    "tail -n +2 raw/iris.csv | cut -d, -f5 | sort | uniq -c > counts.txt\n",
  );
  await lamin("run --in raw/iris.csv --out counts.txt -- sh count.sh");
  Deno.copyFileSync(`${atlas}/counts.txt`, `${base}/found-later.txt`);
  await lamin("why ../found-later.txt");
  await lamin("lineage counts.txt --up");
  await lamin("rerun counts.txt --yes");

  say("Nothing is deleted without a plan, and damage is found.");
  await lamin("gc");
  await lamin("fsck --deep");

  say("The same rows that Python LaminDB sees, opened for reading.");
  await lamin("show pbmc.h5ad");
} finally {
  Deno.removeSync(base, { recursive: true });
}
