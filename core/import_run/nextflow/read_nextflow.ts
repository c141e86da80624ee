import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import type { ImportedWorkflow } from "../imported.ts";
export function readNextflow(_host: Host, folder: string, _trace: string | undefined): ImportedWorkflow {
  throw new LaminError("failed", folder);
}
