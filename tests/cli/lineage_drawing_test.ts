import assert from "node:assert/strict";
import { dataId, grownSql } from "../core/lineage/grown.ts";
import expected from "../fixtures/instances/lamindb-2.12.1.expected.json" with { type: "json" };
import { withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { test } from "../skip.ts";
import { type Place, say } from "./in_process.ts";

async function inDemo(work: (place: Place) => Promise<void>, sql?: string): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    if (sql !== undefined) changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    await work({ folder: root, home });
  });
}

async function drawn(place: Place, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await say(place, "lineage", ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("lineage --json: all edges that Python knows, and no others", async () => {
  const known = new Set<string>();
  for (const run of expected.runs) {
    const made = [...run.outputs, ...run.recreated];
    for (const uid of made) known.add(`run_${run.uid} > artifact_${uid}`);
    for (const uid of run.output_collections) known.add(`run_${run.uid} > collection_${uid}`);
    for (const uid of run.inputs) {
      if (!made.includes(uid)) known.add(`artifact_${uid} > run_${run.uid}`);
    }
    for (const uid of run.input_collections) known.add(`collection_${uid} > run_${run.uid}`);
  }
  await inDemo(async (place) => {
    const seen = new Set<string>();
    for (const { uid } of expected.runs) {
      const { edges } = JSON.parse(await drawn(place, "run", uid, "--json"));
      for (const { from, to } of edges) seen.add(`${from} > ${to}`);
    }
    assert.deepEqual([...seen].sort(), [...known].sort());
  });
});

Deno.test("lineage: a graph has every node once, in the order of data", async (t) => {
  await inDemo(async (place) => {
    await t.assertSnapshot(await drawn(place, "raw/counts.csv", "--as", "graph"));
    await t.assertSnapshot(await drawn(place, "raw/counts.csv", "--as", "graph", "--transforms"));
    await t.assertSnapshot(await drawn(place, "transform", "analyze.py"));
  });
});

Deno.test("lineage: --format takes the names of drawings, and templates as ever", async () => {
  await inDemo(async (place) => {
    for (const drawing of ["tree", "graph", "mermaid", "dot", "svg", "json"]) {
      const words = ["processed/cpm.parquet", "--up"];
      const text = await drawn(place, ...words, "--as", drawing);
      assert.equal(text, await drawn(place, ...words, "--format", drawing), drawing);
    }
    assert.equal(
      await drawn(place, "processed/cpm.parquet", "--format", "{root}"),
      "artifact_5NuNbodHCAvC4DW00000\n",
    );
    const json = await drawn(place, "processed/cpm.parquet", "--format", "json");
    assert.equal(json, await drawn(place, "processed/cpm.parquet", "--json"));
  });
});

Deno.test("lineage --transforms: what feeds what, counted, with the data that was asked for", async () => {
  await inDemo(async (place) => {
    const { root, nodes, edges } = JSON.parse(
      await drawn(place, "results/summary.json", "--transforms", "--json"),
    );
    assert.equal(root, "artifact_RcKLmDaOfdIxAeFv0000");
    const analyze = nodes.find(({ key }: { key: string }) => key === "analyze.py");
    assert.deepEqual([analyze.kind, analyze.type, analyze.runs], ["transform", "script", 2]);
    assert.deepEqual(edges.find(({ to }: { to: string }) => to === root), {
      from: analyze.id,
      to: root,
      role: "data",
      count: 1,
    });
    assert.ok(!edges.some(({ from, to }: { from: string; to: string }) => from === to));
    const unused = JSON.parse(await drawn(place, "transform", "analyze.py", "--json"));
    assert.equal(unused.root, analyze.id);
  });
});

/** What formats could take for their own. */
const hostile =
  `a"]; b[x] --> c\\"> <script>alert(1)</script> &amp; #quot; \`x\` | } \u001b[2J\u202e\r\n end`;

const plant = `UPDATE lamindb_artifact SET key = '${hostile.replaceAll("'", "''")}'
  WHERE uid = '5NuNbodHCAvC4DW00000';
  UPDATE lamindb_transform SET key = '${hostile}' WHERE key = 'analyze.py';`;

Deno.test("lineage: names say nothing in the languages of drawings", async () => {
  await inDemo(async (place) => {
    const of = (drawing: string) => drawn(place, "raw/counts.csv", "--as", drawing);
    const plain =
      /^ {2}(n\d+(\[\[?|\(\[)"[^"[\]`<>]*<br\/><small>[^"[\]`<>]*<\/small>"(\]\]?|\]\))|n\d+ -\.?->(\|\d+\|)? n\d+|classDef .*|class [n\d,]+ \w+)$/;
    const [head, ...lines] = (await of("mermaid")).trimEnd().split("\n");
    assert.equal(head, "flowchart TD");
    assert.deepEqual(lines.filter((line) => !plain.test(line)), []);
    assert.ok(lines.some((line) => line.includes("#60;script#62;")));
    const statement =
      /^ {2}(node|edge|n\d+( -> n\d+)?)( \[(\w+=("([^"\\]|\\.)*"|[\w.]+)(, )?)+\])?$/;
    const dot = (await of("dot")).trimEnd().split("\n").slice(1, -1);
    assert.deepEqual(dot.filter((line) => !statement.test(line)), []);
    const svg = await of("svg");
    const texts = [...svg.matchAll(/>([^<]*)</g)].map(([, text]) => text!);
    assert.ok(
      texts.some((text) => text.includes("&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;")),
    );
    assert.deepEqual(
      [...svg.matchAll(/<\/?(\w+)/g)].map(([, name]) => name!).filter((name) =>
        !["svg", "style", "defs", "marker", "path", "rect", "text"].includes(name)
      ),
      [],
    );
    for (const drawing of ["tree", "graph", "mermaid", "dot", "svg"]) {
      const text = await of(drawing);
      // deno-lint-ignore no-control-regex -- these are what is looked for
      assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(text), drawing);
    }
  }, plant);
});

function missing(program: string): string | undefined {
  try {
    return new Deno.Command(program, { args: ["-V"] }).outputSync().success
      ? undefined
      : `${program} does not run`;
  } catch {
    return `there is no ${program}`;
  }
}

test("lineage --as dot: Graphviz reads it, and has the same nodes", missing("dot"), async () => {
  await inDemo(async (place) => {
    const text = await drawn(place, "raw/counts.csv", "--as", "dot");
    const child = new Deno.Command("dot", {
      args: ["-Tdot_json"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    const { code, stdout } = await child.output();
    assert.equal(code, 0);
    const graph = JSON.parse(new TextDecoder().decode(stdout));
    const json = JSON.parse(await drawn(place, "raw/counts.csv", "--json"));
    assert.equal(graph.objects.length, json.nodes.length);
    assert.equal(graph.edges.length, json.edges.length);
  }, plant);
});

/** A circle of two runs, and a run that reads its own output. */
const circle = grownSql({
  runs: 3,
  data: 3,
  made: [[0, 0], [1, 1], [2, 2]],
  read: [[0, 1], [1, 0], [1, 2], [2, 2]],
});

Deno.test("lineage: circles come to an end in every drawing", async () => {
  await inDemo(async (place) => {
    for (const drawing of ["tree", "graph", "mermaid", "dot", "svg", "json"]) {
      for (const more of [[], ["--transforms"], ["--depth", "3"]]) {
        await drawn(place, "grown/0", "--as", drawing, ...more);
      }
    }
    assert.match(await drawn(place, "grown/0", "--as", "graph"), /a cycle: also from '.*' below/);
  }, circle);
});

Deno.test("lineage: very many are drawn in part, and all with -v; too many for a picture", async () => {
  const read = Array.from({ length: 1100 }, (_, run) => [0, run] as const);
  await inDemo(async (place) => {
    const tree = await drawn(place, "grown/0", "--down");
    assert.match(tree, /… and 1070 more \(-v shows all\)\n$/);
    const all = await drawn(place, "grown/0", "--down", "-v");
    assert.equal(all.trimEnd().split("\n").length, 1102);
    const said = await say(place, "lineage", "grown/0", "--as", "svg");
    assert.deepEqual([said.code, said.stdout], [2, ""]);
    assert.match(said.stderr, /1101 nodes are too many for a picture/);
    const graph = await drawn(place, "grown/0", "--as", "graph");
    assert.equal(graph.split("◇").length - 1, 1100);
    assert.ok(dataId(0) > 0);
  }, grownSql({ runs: 1100, data: 1, read }));
});
