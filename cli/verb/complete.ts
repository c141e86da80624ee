import { LaminError } from "../../store/errors.ts";
import type { Context } from "../context.ts";
import { exitCode } from "../exit.ts";
import { verb } from "../verb.ts";

/** More candidates than that help nobody. */
const candidatesMax = 50;

export default verb({
  description: [
    "Prints, a line each, the names that the start of a word may become: what the scripts of",
    "'lamin completions' ask. Kinds: reference, registry, branch, instance, setting.",
  ].join("\n"),
  examples: [["lamin __complete reference raw/", "keys below raw/"]],
  exitCodes: [exitCode.noInstance],
  arguments: { brief: "Kind of name and start of the word", placeholder: "word", maximum: 2 },
  async run(context, _flags, [kind = "", prefix = ""]) {
    const find = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (find === undefined) {
      throw new LaminError("usage", `there is no kind of name '${kind}'`, {
        hint: `kinds: ${Object.keys(kinds).join(", ")}`,
      });
    }
    const names = (await find(context, prefix))
      // What has control characters cannot be typed, and a shell would take it apart.
      .filter((name) => name.startsWith(prefix) && !/\p{Cc}/u.test(name))
      .slice(0, candidatesMax);
    context.output.results(names.map((name) => ({ name })), () => names.join("\n"));
  },
});

const kinds: Readonly<Record<string, (context: Context, prefix: string) => Promise<string[]>>> = {
  async reference(context, prefix) {
    const instance = await context.instance({ readOnly: true });
    const { keysFrom } = await import("../../core/reference/complete.ts");
    return await instance.database.read((reader) =>
      keysFrom(instance, reader, prefix, candidatesMax)
    );
  },
  async branch(context, prefix) {
    const instance = await context.instance({ readOnly: true });
    const { branchesFrom } = await import("../../core/reference/complete.ts");
    return await instance.database.read((reader) => branchesFrom(reader, prefix));
  },
  async registry() {
    const { allRegistries } = await import("../modules.ts");
    const { RegistrySet } = await import("../../core/registry/registry_set.ts");
    return new RegistrySet(allRegistries()).names();
  },
  async instance(context) {
    const { SettingsFolder, slugOf } = await import("../../core/instance/settings.ts");
    return new SettingsFolder(context.host).instances().map(slugOf);
  },
  async setting() {
    return Object.keys((await import("../config_keys.ts")).configKeys);
  },
};
