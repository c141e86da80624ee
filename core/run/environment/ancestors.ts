import { dirname } from "../../../store/path.ts";

/** A folder and all that it lies in, the nearest first. */
export function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder || above === "." ? [folder] : [folder, ...ancestors(above)];
}
