import type { Instance } from "../core/instance/instance.ts";
import { whileLeased } from "../core/sync/lease/while_leased.ts";
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
  return result;
}
