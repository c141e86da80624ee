/** Programs that run code from a file or from a word, and how they are told. */
export interface Interpreter {
  /** Options that take the next word, which is no file of code. */
  readonly withValue: readonly string[];
  /** Options after which code stands. */
  readonly inline: readonly string[];
  /** Options after which a file of code stands, and files that are read when none is named. */
  readonly file?: readonly string[];
  readonly defaults?: readonly string[];
  /** Words before the file, such as `run` of `deno run`. */
  readonly before?: readonly string[];
  readonly kind?: "script" | "pipeline";
}

const shell: Interpreter = { withValue: ["-o", "-O", "--rcfile", "--init-file"], inline: ["-c"] };
const script: Interpreter = {
  withValue: ["-r", "--require", "--import"],
  inline: ["-e", "--eval"],
};

const interpreters: Readonly<Record<string, Interpreter>> = {
  sh: shell,
  bash: shell,
  dash: shell,
  zsh: shell,
  ksh: shell,
  fish: { withValue: ["-C"], inline: ["-c", "--command"] },
  python: { withValue: ["-W", "-X"], inline: ["-c"] },
  Rscript: { withValue: [], inline: ["-e"] },
  R: { withValue: ["-e"], inline: [], file: ["-f", "--file"] },
  perl: { withValue: ["-I", "-M"], inline: ["-e", "-E", "-ne", "-pe", "-lane", "-nle"] },
  ruby: { withValue: ["-I", "-r"], inline: ["-e"] },
  julia: { withValue: ["-t", "-p", "--project", "--threads"], inline: ["-e", "--eval"] },
  node: { ...script, inline: ["-e", "--eval", "-p", "--print"] },
  deno: { withValue: ["--config", "-c", "--allow-read"], inline: [], before: ["run"] },
  bun: { ...script, before: ["run"] },
  awk: { withValue: ["-F", "-v"], inline: [], file: ["-f", "--file"] },
  snakemake: {
    withValue: ["-j", "--cores", "-c", "--jobs", "--configfile", "-d", "--directory", "--config"],
    inline: [],
    file: ["-s", "--snakefile"],
    defaults: ["Snakefile", "snakefile", "workflow/Snakefile", "workflow/snakefile"],
    kind: "pipeline",
  },
  nextflow: { withValue: ["-c", "-profile"], inline: [], before: ["run"], kind: "pipeline" },
  make: {
    withValue: ["-j", "-C"],
    inline: [],
    file: ["-f", "--file", "--makefile"],
    defaults: ["GNUmakefile", "makefile", "Makefile"],
    kind: "pipeline",
  },
  papermill: { withValue: [], inline: [] },
  quarto: { withValue: ["--to"], inline: [], before: ["render"] },
  jupyter: { withValue: ["--to", "--output"], inline: [], before: ["nbconvert", "execute"] },
};

/** How a program is told its code; `python3.11` is a `python`. Undefined for any other one. */
export function interpreterOf(name: string): Interpreter | undefined {
  const plain = /^python[\d.]*$/.test(name) ? "python" : /^[gmn]awk$/.test(name) ? "awk" : name;
  return Object.hasOwn(interpreters, plain) ? interpreters[plain] : undefined;
}

/** Programs that start another one, which the words after them name. */
const starters = new Set(
  "env nice nohup time timeout stdbuf conda mamba micromamba uv pixi poetry pipenv srun mpirun sudo"
    .split(" "),
);

/** Where in a command the program stands that runs the code. */
export function programPosition(command: readonly string[]): number {
  const nameAt = (index: number) => command[index]!.slice(command[index]!.lastIndexOf("/") + 1);
  if (!starters.has(nameAt(0))) return 0;
  const found = command.findIndex((_, index) =>
    index > 0 && interpreterOf(nameAt(index)) !== undefined
  );
  return Math.max(found, 0);
}
