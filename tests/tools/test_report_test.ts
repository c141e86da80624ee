import assert from "node:assert/strict";
import { parseJunit, skippedLines, tally } from "../../tools/test/report.ts";

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="7" failures="3" errors="0" time="0.007">
  <testsuite name="./a_test.ts" tests="7" disabled="2" errors="0" failures="3">
    <testcase name="plain" classname="./a_test.ts" time="0.000" line="1" col="6">
    </testcase>
    <testcase name="bad &lt;x&gt; &amp; &quot;y&quot; &apos;z&#39;" classname="./a_test.ts" time="0.000">
      <failure message="Uncaught Error: a &gt; b">1 test step failed.</failure>
    </testcase>
    <testcase name="left out (skipped: no Python (3.11))" classname="./a_test.ts"><skipped/></testcase>
    <testcase name="steps" classname="./a_test.ts">
      <failure message="1 test step failed">1 test step failed.</failure>
    </testcase>
    <testcase name="steps &gt; one" classname="./a_test.ts"/>
    <testcase name="steps &gt; two (skipped: no Python (3.11))" classname="./a_test.ts"><skipped/>
    </testcase>
    <testcase name="steps &gt; three" classname="./a_test.ts">
      <failure message="Uncaught Error: x">Error: x</failure>
    </testcase>
    <testcase name="silent" classname="./a_test.ts"><skipped/></testcase>
  </testsuite>
  <testsuite name="./b_test.ts">
    <testcase name="steps" classname="./b_test.ts"></testcase>
    <testcase name="own failure" classname="./b_test.ts">
      <failure message="Uncaught Error: after the steps">x</failure>
    </testcase>
    <testcase name="from elsewhere &gt; fine" classname="./b_test.ts"></testcase>
    <testcase name="own failure &gt; fine" classname="./b_test.ts"></testcase>
  </testsuite>
  <testsuite name="./skip.ts">
    <testcase name="from elsewhere" classname="./skip.ts"></testcase>
    <testcase name="unable (skipped: no Python (3.11))" classname="./skip.ts"><skipped/></testcase>
  </testsuite>
</testsuites>`;

Deno.test("steps count instead of their test, and each thing once", () => {
  const { passed, failed, skipped } = tally(parseJunit(xml));
  // plain; steps > one; steps of the other file; from elsewhere > fine; own failure > fine
  assert.equal(passed, 5);
  // bad; steps > three; own failure
  assert.equal(failed, 3);
  assert.equal(skipped.length, 4);
});

Deno.test("names are read as they were written", () => {
  assert.equal(parseJunit(xml)[1]?.name, `bad <x> & "y" 'z'`);
  assert.equal(parseJunit(xml)[1]?.failure, "Uncaught Error: a > b");
});

Deno.test("skipped tests are listed under their reason", () => {
  assert.deepEqual(skippedLines(tally(parseJunit(xml)).skipped), [
    "skipped, no Python (3.11):",
    "  ./a_test.ts: left out",
    "  ./a_test.ts: steps > two",
    "  unable",
    "skipped, no reason given:",
    "  ./a_test.ts: silent",
  ]);
});

Deno.test("a runner that left no report has no tests", () => {
  assert.deepEqual(tally(parseJunit("")), { passed: 0, failed: 0, skipped: [] });
});
