import { comparePair, type PairChange } from "../../core/compare/compare_pair.ts";
import { type Pair, pairsOf } from "../../core/compare/pairs.ts";
import type { Summary } from "../../core/format/change.ts";
import { presentAt } from "../../core/work_tree/present.ts";
import { LaminError } from "../../store/errors.ts";
import { resolve } from "../../store/path.ts";
import type { Context } from "../context.ts";
import { exitCode, exitCodeFor } from "../exit.ts";
import { count, texts, toggle } from "../flags.ts";
import { allFormats } from "../formats.ts";
import type { JsonObject } from "../output.ts";
import { renderNames } from "../render/diff.ts";
import { renderStat } from "../render/diff_stat.ts";
import { nameOfPair, renderPairChange } from "../render/pair.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly on?: readonly string[];
  readonly deep?: boolean;
  readonly each?: boolean;
  readonly stat?: boolean;
  readonly limit?: number;
  readonly exitCode?: boolean;
}

export default verb<Flags>({
  description: [
    "Shows what differs: text by line, csv, tsv and parquet by column, row and cell, folders by path,",
    "anything else by its first differing byte.",
    "Without names: the work tree against the latest versions. With paths: of those. With a version:",
    "that one against the work tree. With two names: one reference against the other; './name' is",
    "the file itself.",
  ].join("\n"),
  examples: [
    ["lamin diff", "all that was changed since it was added"],
    ["lamin diff raw/ --stat", "how much, below a folder"],
    ["lamin diff samples.csv@1 samples.csv", "a version against the latest one"],
    ["lamin diff samples.csv --on id,donor", "rows belong together by these columns"],
    ["lamin diff --exit-code", "for a script: ends with 3 when something differs"],
  ],
  exitCodes: [exitCode.different, exitCode.noInstance, exitCode.damaged],
  flags: {
    on: texts("columns", "Columns that tell which rows belong together; else the position does"),
    deep: toggle("Look into the changed files of folders too"),
    each: toggle("Take two names as two paths, each against its latest version"),
    stat: toggle("Show only how much differs"),
    limit: count("number", "Show at most so many changes; all are counted"),
    exitCode: toggle("End with exit code 3 when something differs"),
  },
  aliases: { n: "limit" },
  arguments: {
    brief: "Paths, or two references",
    placeholder: "reference",
    completes: "reference",
  },
  async run(context, flags, words) {
    const instance = await context.instance({ readOnly: true });
    const pairs = await pairsOf(instance, words, flags.each ?? false);
    const printer = new DiffPrinter(context, flags, pairs.length > 1);
    for (const pair of pairs) await printer.show(pair);
    if (words.length === 2 && !flags.each && words.every((word) => isPlainFile(context, word))) {
      context.output.note("compared with each other; --each compares each with its latest version");
    }
    return printer.end();
  },
});

/** A name as a pattern such as `*.csv` gives it, which may not have been meant as one of two. */
function isPlainFile({ host }: Context, word: string): boolean {
  const path = resolve(host.workingDirectory(), word);
  return !word.startsWith(".") && presentAt(host, path, "follow") !== null;
}

/** Prints the changes of pairs as they are found. */
class DiffPrinter {
  readonly #entries: { name: string; summary: Summary }[] = [];
  readonly #formats;
  readonly #on: readonly string[];
  #left: number;
  #code: number = exitCode.ok;

  /** Where there are several pairs, one that fails does not keep the others from being shown. */
  constructor(
    private readonly context: Context,
    private readonly flags: Flags,
    private readonly several: boolean,
  ) {
    this.#formats = allFormats(context.host);
    this.#on = (flags.on ?? []).flatMap((names) => names.split(",")).filter(Boolean);
    this.#left = flags.stat ? 0 : flags.limit ?? Infinity;
  }

  async show(pair: Pair): Promise<void> {
    try {
      let isFirst = true;
      for await (const change of comparePair(this.#formats, pair, this.#options())) {
        this.#print(pair, change, isFirst);
        isFirst = false;
      }
    } catch (error) {
      if (!this.several || !(error instanceof LaminError)) throw error;
      const { output } = this.context;
      output.warn(`${output.safe(nameOfPair(pair))}: ${output.safe(error.message)}`);
      if (this.#code === exitCode.ok) this.#code = exitCodeFor(error.code);
    }
  }

  /** Prints what is said of all of them; gives the exit code. */
  end(): number {
    const { output } = this.context;
    if (this.flags.stat) output.text(renderStat(this.#entries, output.paint));
    if (this.#code !== exitCode.ok || !this.flags.exitCode) return this.#code;
    const differs = this.#entries.some(({ summary }) => isDifferent(summary));
    return differs ? exitCode.different : exitCode.ok;
  }

  #options() {
    const { deep = false } = this.flags;
    const keys = this.#on.length === 0 ? {} : { on: this.#on, onWherePossible: this.several };
    return { changesMax: this.#left, deep, ...keys };
  }

  #print(pair: Pair, change: PairChange, isFirst: boolean): void {
    const { output } = this.context;
    if (change.kind === "summary") {
      this.#entries.push({ name: nameOfPair(pair), summary: change });
      if (this.flags.stat) {
        if (output.mode !== "human") output.result(json(pair, change), () => "");
        return;
      }
    } else if (change.kind !== "note") this.#left = Math.max(0, this.#left - weightOf(change));
    if (isFirst && output.mode === "human") {
      const { before, after } = pair.names;
      const isWhole = before === null || after === null || pair.isRenamed;
      if (!isWhole && !(change.kind === "summary" && !isDifferent(change))) {
        output.text(renderNames(before, after, output.paint));
      }
    }
    output.result(json(pair, change), () => renderPairChange(pair, change, output));
  }
}

function isDifferent(summary: Summary): boolean {
  return !summary.same || summary.identical === false;
}

/** Lines count one by one, as in the formats. */
function weightOf(change: PairChange): number {
  return change.kind === "lines" ? change.lines.filter(({ sign }) => sign !== " ").length : 1;
}

function json(pair: Pair, change: PairChange): JsonObject {
  return { pair: { ...pair.names }, ...change } as unknown as JsonObject;
}
