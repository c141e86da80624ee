import { materialize } from "../../core/materialize/materialize.ts";
import { selectElsewhere } from "../../core/materialize/select.ts";
import { worstOf } from "../../core/sync/fetch/fetch.ts";
import { LaminError } from "../../store/errors.ts";
import { wordsOf } from "../artifact_words.ts";
import { exitCode, exitCodeFor } from "../exit.ts";
import { toggle } from "../flags.ts";
import { allRegistries } from "../modules.ts";
import {
  materializedFields,
  materializedJson,
  renderMaterialized,
} from "../render/materialized.ts";
import { verb } from "../verb.ts";

interface Flags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export default verb<Flags>({
  description: [
    "Copies the bytes of artifacts that are read in storages of others (pull --zero-copy, data registered",
    "in place) into this instance's storage, so that they stay whatever happens there. All bytes are",
    "checked. What was copied before an interruption is not copied again, and 'lamin undo' lets the",
    "artifacts refer to where they were.",
  ].join("\n"),
  examples: [
    ["lamin materialize raw/counts.csv model.pkl@2", "some artifacts"],
    ["lamin materialize key__startswith=raw/ --dry-run", "what those would take"],
    ["lamin materialize --all", "everything, all versions"],
  ],
  exitCodes: [
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.damaged,
    exitCode.schemaUnknown,
  ],
  flags: {
    all: toggle("All versions of everything that is read elsewhere, the trash left out"),
    dryRun: toggle("Show what would be copied"),
  },
  aliases: { n: "dryRun" },
  arguments: {
    brief: "Artifacts to bring home: references, conditions",
    placeholder: "reference|field=value",
    completes: "reference",
  },
  async run(context, flags, words) {
    const { output } = context;
    output.requireFields(materializedFields);
    const { all = false, dryRun = false } = flags;
    if (all === words.length > 0) {
      throw new LaminError("usage", all ? "--all says it all" : "say what to bring home", {
        hint: "name artifacts or conditions, or give --all; --dry-run shows what that would take",
      });
    }
    const instance = await context.instance({ readOnly: dryRun });
    const scope = { ...wordsOf(words), all, registries: allRegistries() };
    const selection = await selectElsewhere(instance, scope);
    const progress = output.progress("copying");
    try {
      const uids = selection.elsewhere.map(({ uid }) => uid);
      const done = await materialize(instance, uids, {
        operation: context.operation("materialize"),
        dryRun,
        onTotal: (bytes) => progress.expect(bytes),
        onProgress: (bytes, files) => progress.advance(bytes, files),
      });
      progress.end();
      output.results(
        materializedJson(selection, done),
        () => renderMaterialized(selection, done, { output, dryRun }),
      );
      for (const { why } of done.lacking.slice(0, warnedMax)) {
        output.warn(`not copied: ${output.safe(why.message)}`);
      }
      const more = done.lacking.length - warnedMax;
      if (more > 0) output.warn(`not copied: ${more} more`);
      const worst = worstOf(done.lacking);
      return worst === undefined ? exitCode.ok : exitCodeFor(worst);
    } finally {
      progress.end();
    }
  },
});

/** How many failures are told one by one. */
const warnedMax = 20;
