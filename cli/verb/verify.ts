import type { Level } from "../../core/verify/level.ts";
import { verify } from "../../core/verify/verify.ts";
import { LaminError } from "../../store/errors.ts";
import { exitCode } from "../exit.ts";
import { toggle } from "../flags.ts";
import { allRegistries, modules } from "../modules.ts";
import { isLeft, renderVerified, verifiedFields, verifiedJson } from "../render/verified.ts";
import { verb } from "../verb.ts";
import { wordsOf } from "../artifact_words.ts";

interface Flags {
  readonly stat?: boolean;
  readonly sample?: boolean;
  readonly full?: boolean;
  readonly update?: boolean;
}

export default verb<Flags>({
  description: [
    "Looks at artifacts whose bytes lie in storages that this instance does not manage: another lab's",
    "(pull --zero-copy), a public bucket, a folder. Each is ok, or moved (it is elsewhere in the",
    "instance that manages the storage), changed, missing or unreachable; what was compared is said.",
    "--stat compares sizes, and ETags where LaminDB's hash is of one: same-sized other bytes pass.",
    "--sample also reads files up to 50 MiB, the ends of larger ones where their hash is of those, and",
    "some files of folders: it finds most damage and proves nothing. Only --full reads every byte.",
    "For what is not ok the instance that manages the storage is asked: the storage itself, your",
    "remotes and settings. Nothing is changed unless --update is given.",
  ].join("\n"),
  examples: [
    ["lamin verify", "everything that lies elsewhere, by size"],
    ["lamin verify --sample raw/ model.pkl@2", "some artifacts, more closely"],
    [
      "lamin verify --full key__startswith=raw/",
      "those that meet a condition, down to the last byte",
    ],
    ["lamin verify --update", "note where what moved is by now"],
    [
      "lamin verify --json | jq -r 'select(.status != \"ok\") | .key'",
      "what is not ok, for a program",
    ],
  ],
  exitCodes: [
    exitCode.different,
    exitCode.noInstance,
    exitCode.busy,
    exitCode.denied,
    exitCode.schemaUnknown,
  ],
  flags: {
    stat: toggle("Compare sizes, and ETags where they are known (the default)"),
    sample: toggle("Also read a part of the bytes"),
    full: toggle("Read all bytes and compare their hashes"),
    update: toggle("Correct the places of what moved; with --full also note SHA-256s"),
  },
  arguments: {
    brief: "Artifacts to look at: references, conditions; all that lie elsewhere without any",
    placeholder: "reference|field=value",
    completes: "reference",
  },
  async run(context, flags, words) {
    const { output } = context;
    output.requireFields(verifiedFields);
    const level = levelOf(flags);
    const update = flags.update ?? false;
    const instance = await context.instance({ readOnly: !update });
    const progress = output.progress("verifying");
    try {
      const result = await verify(instance, {
        ...wordsOf(words),
        registries: allRegistries(),
        level,
        update,
        operation: context.operation("verify"),
        opening: {
          knownModules: modules,
          loadRegistries: () => Promise.resolve(allRegistries()),
          openRemote: await context.remotes(),
        },
        onTotal: (bytes) => progress.expect(bytes),
        onProgress: (bytes, files) => progress.advance(bytes, files),
      });
      progress.end();
      const shown = { ...result, update, level };
      output.results(
        result.artifacts.map((one) => verifiedJson(one, shown)),
        () => renderVerified(shown, output),
      );
      return result.artifacts.some((one) => isLeft(one, update)) ? exitCode.different : exitCode.ok;
    } finally {
      progress.end();
    }
  },
});

function levelOf({ stat, sample, full }: Flags): Level {
  if ([stat, sample, full].filter(Boolean).length > 1) {
    throw new LaminError("usage", "say one of --stat, --sample and --full");
  }
  return full ? "full" : sample ? "sample" : "stat";
}
