import { cloneOf, remoteOf } from "../between.ts";
import { command, type Tool } from "../tool.ts";

const git = (line: string, ...more: readonly string[]) => command("git", line, ...more);

export const dvc = (program: string): Tool => {
  const run = (line: string, ...more: readonly string[]) => command(program, line, ...more);
  return {
    name: "dvc",
    kind: "peer",
    environment: { DVC_NO_ANALYTICS: "1" },
    remarks: {
      files: "the folder is one item; MD5",
      "s3/put": "'dvc push' only, added before",
      "s3-files/put": "'dvc push' only, added before; the folder is one item",
    },
    work: {
      init: () => [
        git("init -q ."),
        run("init -q"),
        git("commit -q -m bench"),
      ],
      version: () => [run("--version")],
      status: () => [run("status")],
      add: (_, path) => [
        run("add -q", path),
        git("add", `${path}.dvc`, ".gitignore"),
        git("commit -q --allow-empty -m bench"),
      ],
      bucket: ({ bucket }) => [
        run("remote add -q -d bucket", `s3://${bucket!.name}/dvc`),
        run("remote modify -q bucket endpointurl", bucket!.endpoint),
      ],
      hold: (_, path) => [run("add -q", path)],
      put: () => [run("push -q")],
      drop: (_, path) => [command("rm", "-rf .dvc/cache", path)],
      get: () => [run("pull -q")],
      remote: (place) => [
        git(`init -q --bare ${remoteOf(place)}/git`),
        git(`remote add origin ${remoteOf(place)}/git`),
        run(`remote add -q -d store ${remoteOf(place)}/dvc`),
        git("commit -q -a -m bench"),
      ],
      push: () => [run("push -q"), git("push -q origin main")],
      clone: (place) => [
        git(`clone -q -b main ${remoteOf(place)}/git ${cloneOf(place)}`),
        run(`--cd ${cloneOf(place)} pull -q`),
      ],
      read: (_, path) => [
        command(
          "bash",
          "-c",
          `"$0" get -q -f . "$1" -o .read-back && cat .read-back && rm .read-back`,
          program,
          path,
        ),
      ],
    },
  };
};
