import type { Instance } from "../core/instance/instance.ts";
import { requireNamedByUser } from "../core/instance/reach.ts";
import { whileLeased } from "../core/sync/lease/while_leased.ts";
import { LaminError } from "../store/errors.ts";
import { isAbsolute } from "../store/path.ts";
import { withoutPassword } from "../store/without_password.ts";
import { plural } from "./render/quantity.ts";
import type { Context } from "./context.ts";

/** Pulls what is read at the source from then on, and says whose `gc` does not know of it. */
export async function readInPlace(
  context: Context,
  source: Instance,
  target: Instance,
  pull: () => Promise<number>,
): Promise<number> {
  const { output } = context;
  const { result, isKnown, elsewhere } = await whileLeased(source, target, pull);
  if (!isKnown) {
    output.note(
      "the source cannot be told that its bytes are read here: its 'lamin gc' may take them",
    );
  }
  for (const { root, artifacts } of elsewhere) {
    const what = `${plural(artifacts, "artifact")} in ${output.safe(root)}`;
    output.note(`${what}: a 'lamin pull --zero-copy' from the instance there tells its gc`);
  }
  for (const id of source.managedStorageIds) {
    const why = whyUnreadable(context, source.storages.get(id)!.root);
    if (why !== undefined) output.warn(output.safe(why));
  }
  return result;
}

/** Why what lies in a storage of the source cannot be read from here; undefined when it can. */
function whyUnreadable({ host }: Context, root: string): string | undefined {
  if (isAbsolute(root)) {
    if (host.files.stat(root) !== null) return undefined;
    return `${root} is no folder of this machine: what lies there cannot be read from here`;
  }
  try {
    requireNamedByUser(host, root);
    return undefined;
  } catch (error) {
    if (!(error instanceof LaminError)) throw error;
    const name = withoutPassword(root);
    return `${name} is not asked before you say so: lamin config set storages '${name}'`;
  }
}
