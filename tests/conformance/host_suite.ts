import type { Host } from "../../store/host/host.ts";
import type { HostCase, HostWorld } from "./host/case.ts";
import { attachedCases } from "./host/attached_cases.ts";
import { hasherCases } from "./host/hasher_cases.ts";
import { nameCases } from "./host/name_cases.ts";
import { openCases } from "./host/open_cases.ts";
import { permissionCases } from "./host/permission_cases.ts";
import { processCases } from "./host/process_cases.ts";
import { statCases } from "./host/stat_cases.ts";
import { streamCases } from "./host/stream_cases.ts";
import { treeCases } from "./host/tree_cases.ts";

/** What every implementation of Host must do, whatever engine runs it. */
export const hostCases: readonly HostCase[] = [
  ...statCases,
  ...treeCases,
  ...nameCases,
  ...openCases,
  ...permissionCases,
  ...processCases,
  ...attachedCases,
  ...streamCases,
  ...hasherCases,
];

/** A host with the command that runs the probe program under it. */
export interface HostUnderTest {
  readonly host: Host;
  readonly probe: readonly string[];
}

/** Why a case cannot run on this machine, or undefined. */
export async function missingFor(hostCase: HostCase, host: Host): Promise<string | undefined> {
  if (hostCase.linuxOnly && host.platform !== "linux") return "only on Linux";
  for (const program of hostCase.programs ?? []) {
    const found = await host.run("sh", ["-c", `command -v ${program}`]);
    if (found.code !== 0) return `no program ${program}`;
  }
  if (hostCase.needsPermissions && !(await permissionsHold(host))) {
    return "this user is above permission bits";
  }
  return undefined;
}

/** Whether the system refuses to read a file that has no permission bits. */
async function permissionsHold(host: Host): Promise<boolean> {
  const line =
    'file=$(mktemp); chmod 000 "$file"; (: < "$file") 2>&-; code=$?; rm -f "$file"; exit $code';
  return (await host.run("sh", ["-c", line])).code !== 0;
}

/**
 * Runs one case in an empty folder of its own, which is gone afterwards.
 * @throws what the case throws.
 */
export async function runHostCase(hostCase: HostCase, { host, probe }: HostUnderTest) {
  const made = await host.run("mktemp", ["-d", "-t", "lamin-host.XXXXXXXX"]);
  const decoder = new TextDecoder();
  const folder = decoder.decode(made.stdout).trim();
  const world: HostWorld = {
    host,
    folder,
    at: (name) => `${folder}/${name}`,
    shell: async (line, input) => {
      const { code, stdout, stderr } = await host.run("sh", ["-c", line, "sh", ...probe], {
        workingDirectory: folder,
        ...(input === undefined ? {} : { input }),
      });
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
  };
  try {
    await hostCase.run(world);
  } finally {
    host.files.removeTree(folder);
  }
}
