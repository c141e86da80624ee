import { LaminError } from "../../errors.ts";

/** The failure of writing to where only reading is possible. */
export function onlyForReading(root: string): LaminError {
  return new LaminError("denied", `nothing can be written to ${root}`, {
    hint: "keep new data in another storage",
    data: { root },
  });
}
