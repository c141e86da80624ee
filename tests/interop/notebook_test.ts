import assert from "node:assert/strict";
import fc from "fast-check";
import { isConsecutive, notebookTitle, readNotebook } from "../../core/notebook/notebook.ts";
import { percentText } from "../../core/notebook/percent_text.ts";
import { withInstance } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, pythonOf } from "./python.ts";

type Cells = readonly (readonly [type: string, source: string | string[], more?: object])[];

function notebook(cells: Cells) {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "python3", language: "python", display_name: "Python 3" } },
    cells: cells.map(([cell_type, source, more], index) => ({
      id: `cell-${index}`,
      cell_type,
      source,
      metadata: {},
      ...(cell_type === "code" ? { outputs: [], execution_count: index } : {}),
      ...more,
    })),
  };
}

const byHand: readonly Cells[] = [
  [["markdown", "# A title. "], ["code", "import lamindb as ln\nln.track()"]],
  [["markdown", ["intro\n", "# Title\n", "text"]], ["markdown", "# Title again\n\nmore"]],
  [["code", "%matplotlib inline\n!ls -l \\\n  x\nx = !ls\ny?\nls x\nls = 3\n%%time"]],
  [["code", "\"\"\"\n%not magic\n\"\"\"\n%magic\ns = 'a # b' # c\n'''x'''"]],
  [["code", "%%bash\nls -l\n\necho"], ["code", "%%R -i x\nplot(x)"], ["code", "%%time\nf()"]],
  [["code", "def f():\n    pass"], ["code", "x = 1"], ["code", "class A:\n    pass"], ["code", ""]],
  [["code", "x = 1"], ["code", "# a\n@d\ndef f():\n    return 1\n"], ["markdown", "x"]],
  [["raw", "---\ntitle: x\n---"], ["code", "1"], ["raw", "raw\n\ntext"]],
  [["raw", "active", { metadata: { active: "py" } }], ["code", "f()", { metadata: { tags: [] } }]],
  [
    ["code", "1", {
      metadata: { tags: ["parameters"], collapsed: true, "a b": 1, n: 1.5, z: null },
    }],
    ["markdown", "x", { metadata: { title: "The title", slideshow: { slide_type: "slide" } } }],
    ["code", "2", { metadata: { lines_to_next_cell: 3 } }],
    ["code", "3", { metadata: { run_control: { frozen: true } } }],
    ["code", "4", { metadata: { tags: ["active-ipynb"] } }],
  ],
  [["code", "  indented()\n  x"], ["code", "\n\nx"], ["code", "x\n\n\n"], ["code", "a\fb\u2028c"]],
  [["code", "a", { execution_count: 1 }], ["code", "b", { execution_count: 2 }]],
  [["code", "a", { execution_count: 1 }], ["code", "ln.finish()", { execution_count: null }]],
  [["code", "a", { execution_count: 2 }], ["code", "b", { execution_count: null }]],
];

const line = fc.constantFrom(
  ...["x = 1", "def f():", "    return 1", "", "# a", "%magic", "!ls", '"""', "'''", "class A:"],
  ...["a = 'b'", "@d", "%%bash", "%%time", ")", "x?", "y = \\", "async def g():", "# # T", "# T"],
);
const source = fc.array(line, { maxLength: 6 }).map((lines) => lines.join("\n"));
const cell = fc.tuple(fc.constantFrom("code", "markdown", "raw"), source);

test("interop: notebooks are stored as the text that Python stores", noPython, async () => {
  const random = fc.sample(fc.array(cell, { minLength: 1, maxLength: 5 }), {
    numRuns: 300,
    seed: 7,
  });
  const notebooks = [...byHand, ...random as unknown as Cells[]].map(notebook);
  await withInstance(async (workspace) => {
    const expected = await pythonOf(workspace, notebooks, "notebooks.py", "texts");
    notebooks.forEach((one, index) => {
      const cells = readNotebook(JSON.stringify(one), "a.ipynb");
      const title = notebookTitle(cells);
      const [expectedTitle, text, consecutive] = expected[index];
      assert.equal(title ?? null, expectedTitle);
      assert.equal(percentText(cells, title), text, JSON.stringify(one.cells));
      assert.equal(isConsecutive(cells), consecutive, JSON.stringify(one.cells));
    });
  });
});
