/**
 * Runs the tests: `deno task test [files and options of deno test]`. After the runner's own output
 * come the skipped tests with their reasons and the closing line `N passed, N failed, N skipped`;
 * ends with 1 when a test failed or the runner did.
 */
import { missingPostgres, startServer } from "../tests/postgres_server.ts";
import { hasReason, parseJunit, skippedLines, tally } from "./test/report.ts";

/** Runs `deno test` with these words; gives whether it was content, and its JUnit report. */
async function runTests(words: readonly string[]): Promise<{ success: boolean; xml: string }> {
  const folder = await Deno.makeTempDir({ prefix: "lamin-test-" });
  const server = await sharedServer();
  try {
    const report = `${folder}/junit.xml`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--parallel", `--junit-path=${report}`, ...words],
      cwd: new URL("..", import.meta.url),
      env: server === undefined ? {} : { LAMIN_TEST_POSTGRES: server.url },
    }).spawn();
    const { success } = await child.status;
    // Where sources do not even load, the runner ends without a report.
    return { success, xml: await Deno.readTextFile(report).catch(() => "") };
  } finally {
    server?.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** One server for all files, which start one each otherwise, where most of them need it. */
async function sharedServer() {
  if (Deno.env.get("LAMIN_TEST_DATABASE") !== "postgres") return undefined;
  const isThere = Deno.env.has("LAMIN_TEST_POSTGRES") || missingPostgres() !== undefined;
  return isThere ? undefined : await startServer();
}

// The runner itself would take a file of this name for a test.
if (import.meta.main) {
  const { success, xml } = await runTests(Deno.args);
  const { passed, failed, skipped: ignored } = tally(parseJunit(xml));
  const filters = Deno.args.some((word) => word.startsWith("--filter"));
  const skipped = filters ? ignored.filter(hasReason) : ignored;
  // A file that cannot be loaded fails the runner and is no test.
  const failures = failed === 0 && !success ? 1 : failed;
  console.log([...skippedLines(skipped), ""].join("\n"));
  console.log(`${passed} passed, ${failures} failed, ${skipped.length} skipped`);
  Deno.exitCode = failures > 0 ? 1 : 0;
}
