import { binary, root } from "../../build/paths.ts";
import { cloneOf, remoteOf } from "../between.ts";
import { command, type Found, type Place, type Tool } from "../tool.ts";

/** The program under test: LAMIN, else dist/lamin, else the sources when they are asked for. */
export async function findLamin(sources: boolean): Promise<Found> {
  const named = Deno.env.get("LAMIN");
  const program = await Deno.realPath(named ?? binary).catch(() => undefined);
  if (program !== undefined) return laminTool(program, []);
  const missing = named === undefined ? "dist/lamin is not built" : `LAMIN: ${named} is not there`;
  if (sources && named === undefined) {
    return laminTool(Deno.execPath(), [
      "run",
      "-A",
      "--no-check",
      "--quiet",
      `${root}/cli/main.ts`,
    ]);
  }
  return {
    name: "lamin",
    missing: `${missing}: run 'deno task build', or give --sources to measure the sources`,
  };
}

function laminTool(program: string, before: readonly string[]): Tool {
  const run = (line: string, ...more: readonly string[]) =>
    command(program, "", ...before, ...line.split(" "), ...more);
  const listBy = (...conditions: readonly string[]) => [
    run("list artifact -n 20", ...conditions),
  ];
  return {
    name: "lamin",
    kind: "lamin",
    work: {
      init: ({ folder, database }) => [
        database === undefined
          ? run("init . --name", nameOf(folder))
          : run("init . --name", databaseOf(database), "--db", database),
      ],
      connect: () => [run("connect .")],
      version: () => [run("--version")],
      status: () => [run("status")],
      add: (_, path) => [run("add", path)],
      check: () => [run("fsck --deep")],
      move: (_, names) => [run(`mv ${names}`)],
      remove: (_, path) => [run("rm -r", path)],
      discard: (_, path) => [run("rm -r --permanent --force", path)],
      collect: () => [run("gc --apply --grace 0")],
      read: (_, path) => [run("cat", path)],
      register: (_, list) => [{ ...run("add --no-copy --stdin"), input: list }],
      bucket: (place) => [
        run("storage add", addressOf(place)),
        run("storage switch", addressOf(place)),
      ],
      put: (_, path) => [run("add", path)],
      drop: (_, path) => [command("rm", "-rf", path), run("cache clear --all")],
      get: (_, path) => [run("get", path)],
      registerBucket: (place, path) => [run("add", addressOf(place, `/${path}`))],
      registerObject: (place, path) => [run("add", addressOf(place, `/${path}`))],
      migrate: (_, url) => [run("migrate-db", url)],
      forget: () => [run("cache clear --all")],
      cat: (_, path) => [run("cat", path)],
      head: (_, path) => [run("head -n 20", path)],
      remote: (place) => [
        place.bucket === undefined
          ? run(`init ${remoteOf(place)} --name ${nameOf(place.folder)}-remote`)
          : run(`init ${remoteOf(place)} --storage ${addressOf(place)}`),
        run(`remote add origin ${addressOfRemote(place)}`),
      ],
      push: () => [run("push")],
      clone: (place) => [run(`clone ${addressOfRemote(place)} ${cloneOf(place)} --data all`)],
      cloneRows: (place) => [run("clone", place.folder, cloneOf(place))],
      newest: () => [run("log -n 20")],
      show: (_, key) => [run("show", key)],
      prefix: (_, prefix) => listBy(`key__startswith=${prefix}`),
      suffix: (_, suffix) => listBy(`suffix=${suffix}`),
      label: (_, name) => listBy(`ulabels__name=${name}`),
      history: (_, key) => [run("log", key)],
      lineage: (_, key) => [run("lineage", key, "--up")],
      why: (_, path) => [run("why", path)],
    },
  };
}

/** The address of what lies below a path of the place's bucket, or of the bucket's own folder. */
function addressOf({ bucket }: Place, path = "/lamin"): string {
  return `s3://${bucket!.name}${path}?endpoint_url=${bucket!.endpoint}`;
}

function addressOfRemote(place: Place): string {
  return place.bucket === undefined ? remoteOf(place) : addressOf(place);
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** A name of its own for each folder: LaminDB knows instances by name. */
function nameOf(folder: string): string {
  return folder.split("/").slice(-2).join("-");
}
