import { shownAddress } from "../../store/database/address.ts";
import { LaminError } from "../../store/errors.ts";
import type { Instance } from "../instance/instance.ts";
import type { Registry } from "../registry/registry.ts";
import { valueFaults } from "./check_values.ts";

/**
 * A failure that nobody thought of, as code "damaged" when the rows are not what the definitions
 * say, which may well have led to it; else as it is.
 */
export async function explained(
  instance: Instance,
  registries: readonly Registry[],
  error: unknown,
): Promise<unknown> {
  let faults: readonly string[];
  try {
    faults = await instance.database.read((reader) => valueFaults(instance, reader, registries));
  } catch (unreadable) {
    return unreadable instanceof LaminError ? unreadable : error;
  }
  if (faults.length === 0) return error;
  const path = shownAddress(instance.location.database);
  return new LaminError("damaged", `${path} is damaged: ${faults[0]}`, {
    hint: "restore it from a copy; 'lamin fsck' lists all such faults",
    data: { path, faults },
    cause: error,
  });
}
