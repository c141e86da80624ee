import { type LoadedVerb, loadedVerbs, sampleWords, type World } from "../cli/manners_world.ts";

/** Command lines that read and write all that an instance has, by verb. */
const more: Readonly<Record<string, (world: World) => string[][]>> = {
  fsck: () => [["--deep"], ["--repair"]],
  gc: () => [["--apply", "--grace", "0"]],
  rm: ({ key }) => [["--permanent", "--force", key], ["-r", "a"]],
  list: () => [["artifact", "--json"], ["user"], ["branch"], ["artifact", "size__gt=1"], []],
  show: ({ key }) => [[key, "--json"], ["user", "anonymous"], ["storage"]],
  get: ({ key }) => [[key, "--to", "out/"], ["."]],
  add: () => [[".", "--as", "folder", "--key", "all"]],
  log: () => [[], ["--graph", "--json"]],
  op: () => [["show", "x"]],
  undo: () => [["--dry-run"]],
};

/** Lines of all verbs that open an instance. */
export function linesOf(world: World): { verb: LoadedVerb; words: readonly string[] }[] {
  return loadedVerbs
    .filter(({ name }) => name !== "completions" && name !== "init")
    .flatMap((verb) =>
      [sampleWords(verb, world), ...more[verb.name]?.(world) ?? []].map((words) => ({
        verb,
        words,
      }))
    );
}
