import assert from "node:assert/strict";
import { paint } from "../../../cli/render/paint.ts";
import { renderTree } from "../../../cli/render/tree.ts";
import { describe } from "../../../core/describe/describe.ts";
import type { Line, Tree } from "../../../core/describe/tree.ts";
import { escapeForTerminal } from "../../../core/text/escape.ts";
import expectedFile from "../../fixtures/describe/lamindb-2.12.1.json" with { type: "json" };
import { withOpenInstance } from "../../open_instance.ts";

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

for (const [width, registries] of Object.entries(expected)) {
  for (const [model, records] of Object.entries(registries)) {
    if (model === "Feature" || model === "ULabel") continue;
    Deno.test(`describe ${model}: as Python prints it, ${width} columns wide`, async () => {
      await withOpenInstance("lamindb-2.12.1", async (open) => {
        const registry = open.registries.find(model);
        let compared = 0;
        for (const [uid, text] of Object.entries(records)) {
          if (typeof text !== "string" || uid === withNotes) continue;
          const [row] = await open.reader.select(registry, "uid = ?", [uid]);
          const tree = await describe({ ...open, branches: [1] }, registry, row!, {
            comments: model === "Transform",
            relations: false,
          });
          const output = { width: Number(width), paint: paint(false), safe: escapeForTerminal };
          const shown = await renderTree(moved(tree, open.instance.storage.root), output);
          assert.equal(shown, text, `${model} ${uid}`);
          compared++;
        }
        assert.ok(compared > 1);
      }, moreRecords);
    });
  }
}
