import { homedir, hostname } from "node:os";
import process from "node:process";
import type { Host } from "./host.ts";
import { nodeFiles } from "./node_files.ts";
import { nodePlatform } from "./node_stat.ts";
import { nodeTerminal } from "./node_terminal.ts";
import { loadHashing } from "./hashing.ts";
import { randomBytes } from "./random.ts";
import { tidyMemory } from "./tidy_memory.ts";

/** The host made of `node:` built-ins, for Node 22 and later and for Bun. */
export function nodeHost(): Host {
  return {
    engine: "bun" in process.versions ? "bun" : "node",
    platform: nodePlatform,
    files: nodeFiles,
    terminal: nodeTerminal,
    environment: (name) => process.env[name] || undefined,
    environmentNames: () => Object.keys(process.env),
    workingDirectory: () => process.cwd(),
    homeDirectory: () => process.env["HOME"] || process.env["USERPROFILE"] || homedir() || "/",
    hostName: () => hostname(),
    processId: () => process.pid,
    commandLine: () => process.argv.slice(2),
    exit: (code) => process.exit(code),
    userName: () => process.env["USER"] || process.env["USERNAME"] || undefined,
    now: () => new Date(),
    randomBytes,
    hashing: loadHashing,
    fileHasher: async () => (await import("./file_hasher.ts")).startFileHasher(),
    partHasher: async (partSize) => (await import("./part_hasher.ts")).startPartHasher(partSize),
    rowHasher: async (...rows) => (await import("./row_hasher.ts")).startRowHasher(...rows),
    run: async (...call) => (await import("./node_run.ts")).runProgram(...call),
    runAttached: async (...call) => (await import("./node_attached.ts")).runAttached(...call),
    memoryBytes: () => process.memoryUsage.rss(),
    tidyMemory,
  };
}
