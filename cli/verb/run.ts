import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { text, texts, toggle } from "../flags.ts";
import { ranFields } from "../render/ran.ts";
import type { RunFlags } from "../run/run_flags.ts";
import { verb } from "../verb.ts";

export default verb<RunFlags>({
  description: [
    "Runs a command and records what it did: its code, parameters, what it read and made, what it",
    "printed, the environment, and how it ended. Its output, input, signals and exit code are passed on.",
    "--in names what it reads, --out what it may write; --auto takes what it writes anywhere in the",
    "work tree, and what its words name. Inside, 'lamin get' and 'lamin cat' note inputs, 'lamin add'",
    "outputs. When it fails, --out and --auto record nothing of what it wrote. Secrets are left out.",
    "With --json or --format, what it prints goes to standard error. The exit code is that of the",
    "command. Where there is no such command, nothing is recorded.",
  ].join("\n"),
  examples: [
    [
      "lamin run --in raw/a.fastq --out counts.csv -- ./count.sh raw/a.fastq",
      "what it reads and makes",
    ],
    ["lamin run --auto sort -o sorted.csv counts.csv", "the same, found out"],
    ["lamin run --name night --param k=5 -- python train.py --k 5", "with a name and a parameter"],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.schemaUnknown,
    exitCode.notRunnable,
    exitCode.noProgram,
  ],
  flags: {
    in: texts("reference", "What the command reads: a file as it is recorded, or any artifact"),
    out: texts("pattern", "What it may write: a path, a folder, or a pattern in quotes"),
    auto: toggle("Find out what it writes, and what it reads as far as its words name it"),
    name: text("name", "A name for the run"),
    param: texts("name=value", "A parameter of the run"),
    project: text("project", "Name or uid of the project that all of it belongs to"),
  },
  takesCommand: true,
  arguments: { brief: "The command and its words", placeholder: "command" },
  async run(context, flags, args) {
    if (args.length === 0) {
      throw new LaminError("usage", "there is no command to run", {
        hint: "for example: lamin run --auto -- sort -o sorted.csv counts.csv",
      });
    }
    context.output.requireFields(ranFields);
    const { runCommand } = await import("../run/run_command.ts");
    return await runCommand(context, flags, args);
  },
});
