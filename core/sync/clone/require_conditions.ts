import type { Instance } from "../../instance/instance.ts";
import { artifactsMeeting } from "../../query/artifacts_meeting.ts";
import type { Registry } from "../../registry/registry.ts";

/**
 * Asks for the artifacts that a clone is to have, before there is anything of it: a condition that
 * is none leaves no empty instance then. Throws code "usage".
 */
export async function requireConditions(
  { database }: Instance,
  registries: readonly Registry[],
  conditions: readonly string[],
): Promise<void> {
  if (conditions.length === 0) return;
  await database.read((reader) => artifactsMeeting(reader, registries, conditions));
}
