import { why } from "../../core/why/why.ts";
import { exitCode } from "../exit.ts";
import { renderWhy } from "../render/why/sentences.ts";
import { whyJson } from "../render/why/json.ts";
import { settleLeft } from "../run/settle_left.ts";
import { verb } from "../verb.ts";

export default verb({
  description: [
    "Tells where a file came from: the command that made it and what that read, who ran it and when,",
    "with which code and environment, and which inputs have newer versions by now.",
    "The file is found by its content, wherever it was copied or renamed to; a folder as a whole, such",
    "as a zarr store, as well; '-' is standard input. Where there is no such file, the word is taken",
    "for a reference.",
    "Content that no artifact has is a failure (exit code 1), which names what is nearest.",
  ].join("\n"),
  examples: [
    ["lamin why results/umap.h5ad", "a file of the work tree"],
    ["lamin why ~/Downloads/umap-final.h5ad", "a copy, under another name"],
    ["zcat copy.csv.gz | lamin why -", "bytes from a pipe"],
    ["lamin why results/umap.h5ad@0", "an older version, of which there is no file"],
    ["lamin why results/umap.h5ad --json | jq '.made_by[0].inputs'", "what it was made from"],
  ],
  exitCodes: [exitCode.noInstance],
  arguments: {
    brief: "A file or folder, '-', or a reference",
    placeholder: "file",
    minimum: 1,
    maximum: 1,
    completes: "path",
  },
  async run(context, _flags, [asked]) {
    const instance = await context.instance({ readOnly: true });
    await settleLeft(instance);
    const { output } = context;
    const progress = output.progress("reading");
    try {
      const found = await why(instance, asked!, {
        input: context.host.terminal.input(),
        progress: (bytes) => progress.advance(bytes),
      });
      progress.end();
      output.result(whyJson(asked!, found), () => renderWhy(asked!, found, output));
    } finally {
      progress.end();
    }
  },
});
