import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "python3", language: "python", display_name: "Python 3" } },
  cells: [
    { id: "a", cell_type: "markdown", metadata: {}, source: "# My analysis\n\ntext" },
    {
      id: "b",
      cell_type: "code",
      metadata: {},
      execution_count: 1,
      outputs: [{ output_type: "stream", name: "stdout", text: "hi\n" }],
      source: "%pip list\nprint('hi')",
    },
  ],
};

/** Files of code, each with what it is saved as; later ones come over earlier ones. */
const states: readonly Readonly<Record<string, string>>[] = [
  {
    "sub/a.py": "print(1)\ntoken = 'S3CRET'\n",
    "b.sh": "ls\n",
    "named.py": 'import lamindb as ln\nln.track("abcdefABCDEF0000")\n',
    "c.R": "library(laminr)\ntrack('abcdefABCDEG0000')\n",
    "e.ipynb": JSON.stringify(notebook),
  },
  { "sub/a.py": "print(2)\n" },
  { "sub/a.py": "print(2)\n", "b.sh": "ls\n" },
  { "sub/a.py": "print(1)\ntoken = 'S3CRET'\n" },
];

// deno-lint-ignore no-explicit-any
type Rows = any[];

/** Rows with the number of their family in place of the random part of their uids. */
function comparable(rows: Rows): Rows {
  const stems = [...new Set(rows.map(({ uid }) => uid.slice(0, 12)))];
  return rows.map((row) => ({
    ...row,
    uid: [stems.indexOf(row.uid.slice(0, 12)), row.uid.slice(12)],
  }));
}

async function saveAll(
  workspace: Workspace,
  save: (paths: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (const files of states) {
    for (const [path, text] of Object.entries(files)) workspace.write(path, text);
    await save(Object.keys(files));
  }
}

test("interop: lamin saves code to the rows to which Python does", noPython, async () => {
  // deno-lint-ignore no-explicit-any
  let expected: any;
  await withInstance(async (workspace) => {
    await saveAll(workspace, (paths) => python(workspace, "save.py", "save", ...paths));
    expected = await python(workspace, "save.py", "facts");
  });
  await withInstance(async (workspace) => {
    await saveAll(workspace, (paths) => workspace.lamin("save", ...paths));
    const { transforms, runs } = await python(workspace, "save.py", "facts");
    assert.deepEqual(comparable(transforms), comparable(expected.transforms));
    const told = (rows: Rows) =>
      rows.map(({ text, report: [description, kind] = [], ...run }) => ({
        ...run,
        kind,
        description: description?.replace(/\w{16}$/, "UID"),
        hasText: text.includes("hi"),
      }));
    assert.deepEqual(told(runs), told(expected.runs));
    // What the other saved is known as it is.
    const again = await workspace.json("save", "e.ipynb", "named.py", "c.R");
    assert.deepEqual(again.map(({ status }) => status), ["unchanged", "unchanged", "unchanged"]);
    await python(workspace, "save.py", "save", "sub/a.py", "b.sh");
    assert.equal((await python(workspace, "save.py", "facts")).transforms.length, 6);
  });
});
