import { hashesBelow } from "./sha256.ts";
import { Failure } from "./workbench.ts";

/** Whether all bytes of a file or folder lie below another. @throws Failure */
export async function mustHold(source: string, place: string, where: string): Promise<void> {
  const found = new Set(await hashesBelow(place));
  const wanted = await hashesBelow(source);
  const missing = wanted.filter((hash) => !found.has(hash)).length;
  if (missing > 0) throw new Failure(`${missing} of ${wanted.length} contents are not ${where}`);
}
