import type { Host } from "../../../store/host/host.ts";
import { ifThere } from "../../../store/objects/if_there.ts";

/** A line each on the system and on the container that lamin runs in, if it is in one. */
export async function systemLines(host: Host): Promise<string[]> {
  const machine = await firstLine(host, "uname", ["-s", "-m"]) ?? host.platform;
  const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(textOf(host, "/etc/os-release"))?.[1];
  const container = containerName(host);
  return [
    `system: ${name === undefined ? machine : `${name}, ${machine}`}`,
    ...(container === undefined ? [] : [`container: ${container}`]),
  ];
}

/** What the usual ways of running containers leave to be seen inside. */
function containerName(host: Host): string | undefined {
  const image = host.environment("APPTAINER_CONTAINER") ??
    host.environment("SINGULARITY_CONTAINER");
  if (image !== undefined) return `apptainer ${image}`;
  const podman = /^image="?([^"\n]+)/m.exec(textOf(host, "/run/.containerenv"))?.[1];
  if (podman !== undefined) return `podman ${podman}`;
  if (host.files.lstat("/run/.containerenv") !== null) return "podman";
  if (host.files.lstat("/.dockerenv") !== null) return "docker";
  if (host.environment("KUBERNETES_SERVICE_HOST") !== undefined) return "kubernetes";
  return undefined;
}

function textOf({ files }: Host, path: string): string {
  const bytes = files.stat(path)?.kind === "file" ? ifThere(() => files.readFile(path)) : undefined;
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}

/** The first line that a program prints; undefined where it cannot be run or fails. */
export async function firstLine(
  host: Host,
  program: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const { code, stdout, stderr } = await host.run(program, args);
    if (code !== 0) return undefined;
    const text = new TextDecoder().decode(stdout.length > 0 ? stdout : stderr);
    return text.trim().split("\n")[0]!.slice(0, 200);
  } catch {
    return undefined;
  }
}
