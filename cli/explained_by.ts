import type { Side } from "./remote_instance.ts";
import { allRegistries } from "./modules.ts";
import { FileError } from "../store/host/host.ts";
import { LaminError } from "../store/errors.ts";

/**
 * Runs `work`; a failure in it that nobody thought of is told as what a damaged database on one of
 * the sides made of it, if that is why.
 */
export async function explainedBy<T>(sides: readonly Side[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LaminError || error instanceof FileError) throw error;
    const { explained } = await import("../core/fsck/explained.ts");
    for (const { instance } of sides) {
      if (instance === undefined) continue;
      const known = await explained(instance, allRegistries(), error);
      if (known !== error) throw known;
    }
    throw error;
  }
}
