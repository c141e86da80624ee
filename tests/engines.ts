/** Engines other than Deno that tests run code under, where the machine has them. */

/** An engine's program, or why there is none. */
export interface Engine {
  readonly program: string;
  readonly missing: string | undefined;
}

const oldestNode = 22;

/** Bun: the one that LAMIN_TEST_BUN names, or the first on the PATH. */
export function bun(): Engine {
  const program = Deno.env.get("LAMIN_TEST_BUN") ?? "bun";
  return { program, missing: version(program) === undefined ? "no bun here" : undefined };
}

/** Node 22 or later: the one that LAMIN_TEST_NODE names, or the first on the PATH. */
export function node(): Engine {
  const program = Deno.env.get("LAMIN_TEST_NODE") ?? "node";
  const found = version(program);
  if (found === undefined) return { program, missing: "no node here" };
  const old = parseInt(found.replace("v", "")) < oldestNode;
  return { program, missing: old ? `node ${found} is older than ${oldestNode}` : undefined };
}

function version(program: string): string | undefined {
  try {
    const { success, stdout } = new Deno.Command(program, { args: ["--version"] }).outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}
