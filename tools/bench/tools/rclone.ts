import { cloneOf, remoteOf } from "../between.ts";
import { command, type Place, type Tool } from "../tool.ts";

/** Copies to and from buckets, and knows no versions: only what it moves is to be compared. */
export const rclone = (program: string): Tool => {
  const run = (line: string, ...more: readonly string[]) => command(program, `-q ${line}`, ...more);
  const there = ({ bucket }: Place, path: string) => `BENCH:${bucket!.name}/${path}`;
  const onlyNames = "lists names, sizes and hashes, and keeps nothing";
  return {
    name: "rclone",
    kind: "peer",
    remarks: {
      ...{ "sync-large": "copies only", "sync-files": "copies only" },
      "s3/put": "copies only",
      "s3-files/put": "copies only",
      "s3-register": onlyNames,
    },
    // As many at once as it was measured fastest with.
    environment: { RCLONE_CONFIG: "", RCLONE_TRANSFERS: "16" },
    work: {
      version: () => [command(program, "version")],
      put: (place, path) => [run("copyto", path, there(place, path))],
      drop: (_, path) => [command("rm", "-rf", path)],
      get: (place, path) => [run("copyto", there(place, path), path)],
      cat: (place, path) => [run("cat", there(place, path))],
      push: (place, path) => [run("copyto", path, `${remoteOf(place)}/${path}`)],
      clone: (place, path) => [
        run("copyto", `${remoteOf(place)}/${path}`, `${cloneOf(place)}/${path}`),
      ],
      registerBucket: (place, path) => [
        run("lsf -R --files-only --fast-list --format psh --hash MD5", there(place, path)),
      ],
    },
  };
};

/** The settings that rclone reads from its environment. */
export function rcloneEnvironment(endpoint: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries({
      TYPE: "s3",
      PROVIDER: "Other",
      ENDPOINT: endpoint,
      ENV_AUTH: "true",
      // It would ask for the bucket to be made with every copy.
      NO_CHECK_BUCKET: "true",
    }).map(([name, value]) => [`RCLONE_CONFIG_BENCH_${name}`, value]),
  );
}
