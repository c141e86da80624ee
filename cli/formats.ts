import type { Format } from "../core/format/format.ts";
import type { Host } from "../store/host/host.ts";
import { formats } from "../modules/formats/formats.ts";

/**
 * The formats that are plugged in; apart from cli/modules.ts, since few verbs look into content.
 */
export function allFormats(host: Host): readonly Format[] {
  return formats(host);
}
