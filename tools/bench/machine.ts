import { run } from "../build/run.ts";

/** What figures depend on. */
export interface Machine {
  readonly system: string;
  readonly kernel: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly fileSystem: string;
  /** Processes that wanted to run in the last minute, when the measurements began. */
  readonly load: number;
}

/** Describes this computer and the file system of a folder. */
export async function describeMachine(folder: string): Promise<Machine> {
  const information = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const named = /^model name\s*: (.*)$/m.exec(information)?.[1];
  const mac = named ?? (await run("sysctl", ["-n", "machdep.cpu.brand_string"])).stdout.trim();
  const { ok, stdout } = await run("df", ["--output=fstype", folder]);
  return {
    system: `${Deno.build.os} ${Deno.build.arch}`,
    kernel: Deno.osRelease(),
    cores: navigator.hardwareConcurrency,
    processor: mac || "unknown",
    memoryBytes: Deno.systemMemoryInfo().total,
    fileSystem: ok ? stdout.trim().split("\n").at(-1)! : "unknown",
    load: Deno.loadavg()[0]!,
  };
}
