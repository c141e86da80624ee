import { command, type Tool } from "../tool.ts";

const folder = "backs up the whole folder";

export const restic: Tool = {
  name: "restic",
  kind: "peer",
  environment: { RESTIC_PASSWORD: "bench" },
  remarks: { large: `${folder}; chunks`, files: folder },
  work: {
    init: ({ store }) => [command("restic", "-q init --repo", store)],
    version: () => [command("restic", "version")],
    add: ({ store }) => [command("restic", "-q backup . --repo", store)],
    check: ({ store }) => [command("restic", "-q check --read-data --repo", store)],
    read: ({ store }, path) => [
      command("restic", "-q dump latest", `/${path}`, "--repo", store),
    ],
  },
};

export const borg = (program: string, environment: Readonly<Record<string, string>>): Tool => ({
  name: "borg",
  kind: "peer",
  environment: {
    ...environment,
    BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: "yes",
    BORG_RELOCATED_REPO_ACCESS_IS_OK: "yes",
  },
  remarks: { large: `${folder}; chunks`, files: folder },
  work: {
    init: ({ store }) => [command(program, "init -e none", store)],
    version: () => [command(program, "--version")],
    add: ({ store }) => [command(program, "create", `${store}::{now:%s.%f}`, ".")],
    check: ({ store }) => [command(program, "check --verify-data", store)],
    read: ({ store }, path) => [
      command(
        "bash",
        "-c",
        `"$0" extract --stdout "$1::$("$0" list --last 1 --short "$1")" "$2"`,
        program,
        store,
        path,
      ),
    ],
  },
});
