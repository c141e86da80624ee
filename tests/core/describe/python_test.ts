import assert from "node:assert/strict";
import { paint } from "../../../cli/render/paint.ts";
import { renderTree } from "../../../cli/render/tree.ts";
import { describe } from "../../../core/describe/describe.ts";
import type { Line, Tree } from "../../../core/describe/tree.ts";
import { escapeForTerminal } from "../../../core/text/escape.ts";
import expectedFile from "../../fixtures/describe/lamindb-2.12.1.json" with { type: "json" };
import { withOpenInstance } from "../../open_instance.ts";
import { test } from "../../skip.ts";
import { onPostgres } from "../../test_database.ts";

type Described = string | { readonly error: string };
const expected = expectedFile as unknown as Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Described>>>>>
>;
const moreRecords = Deno.readTextFileSync(
  new URL("../../fixtures/describe/more_records.sql", import.meta.url),
);

/** Where the fixture instance was when Python described it. */
const fixtureRoot = "/data/demo-lab";

/**
 * What Python prints of an artifact with notes names the table of notes among the labels, without a
 * name: an accident that is not repeated here.
 */
const withNotes = "2u7upeibfHBMzUTp0000";

function moved(tree: Tree, root: string): Tree {
  const line = (pieces: Line): Line =>
    pieces.map(({ text, style }) => ({ text: text === root ? fixtureRoot : text, style }));
  const { label } = tree;
  return {
    label: label.kind === "text" ? { ...label, lines: label.lines.map(line) } : label,
    children: tree.children.map((child) => moved(child, root)),
  };
}

const described = ["Artifact", "Transform", "Run", "Collection", "Schema", "Record", "Branch"];

for (const model of described) {
  const missing = model === "Run" && onPostgres
    ? "Postgres does not keep the order of parameters"
    : undefined;
  test(`describe ${model}: as Python prints it, at every width`, missing, async () => {
    await withOpenInstance("lamindb-2.12.1", async (open) => {
      const registry = open.registries.find(model);
      let compared = 0;
      for (const [width, registries] of Object.entries(expected)) {
        for (const [uid, text] of Object.entries(registries[model]!)) {
          if (typeof text !== "string" || uid === withNotes) continue;
          const [row] = await open.reader.select(registry, "uid = ?", [uid]);
          const tree = await describe({ ...open, branches: [1] }, registry, row!, {
            comments: model === "Transform",
            relations: false,
          });
          const output = { width: Number(width), paint: paint(false), safe: escapeForTerminal };
          const shown = await renderTree(moved(tree, open.instance.storage.root), output);
          assert.equal(shown, text, `${model} ${uid}, ${width} columns`);
          compared++;
        }
      }
      assert.ok(compared >= 6);
    }, moreRecords);
  });
}

Deno.test("describe: of features and labels the first line is Python's", async () => {
  await withOpenInstance("lamindb-2.12.1", async (open) => {
    for (const model of ["Feature", "ULabel"]) {
      const registry = open.registries.find(model);
      for (const [uid, text] of Object.entries(expected["140"]![model]!)) {
        const [row] = await open.reader.select(registry, "uid = ?", [uid]);
        const tree = await describe({ ...open, branches: [1] }, registry, row!, {
          comments: false,
          relations: false,
        });
        const output = { width: 140, paint: paint(false), safe: escapeForTerminal };
        const shown = await renderTree(tree, output);
        assert.equal(shown.split("\n")[0], text, `${model} ${uid}`);
      }
    }
  }, moreRecords);
});
