/**
 * Registers a test that needs something which may be missing. Where it is, the test is skipped and
 * the reason stands in its name, which the runner prints at the end.
 */
export function test(
  name: string,
  missing: string | undefined,
  fn: (context: Deno.TestContext) => Promise<void> | void,
): void {
  if (missing === undefined) Deno.test(name, fn);
  else Deno.test({ name: skippedName(name, missing), ignore: true, fn });
}

/** The name of a skipped test or step: `tools/test.ts` finds the reason in it. */
export function skippedName(name: string, missing: string): string {
  return `${name} (skipped: ${missing})`;
}
