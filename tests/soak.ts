/**
 * The same tests in two lengths: short ones in the test command, long ones in
 * `deno task test:soak`, which sets LAMIN_SOAK (1, or how many times longer).
 */
const setting = Deno.env.get("LAMIN_SOAK");

/** Whether the long forms run. */
export const soak = setting !== undefined && setting !== "" && setting !== "0";

/** How often to repeat something: `normal` times in the test command, else `long` times or more. */
export function rounds(normal: number, long: number): number {
  return soak ? long * Math.max(1, Math.trunc(Number(setting)) || 1) : normal;
}
