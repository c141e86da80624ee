import assert from "node:assert/strict";
import { renderGraph } from "../../../cli/render/graph.ts";
import { paint } from "../../../cli/render/paint.ts";

function drawn(...items: readonly (readonly [lane: string, text: string])[]): string[] {
  const graph = items.map(([lane, text]) => ({ lane, lines: text.split("|") }));
  return renderGraph(graph, "main", paint(false)).split("\n");
}

Deno.test("graph: one line", () => {
  assert.deepEqual(drawn(["main", "c"], ["main", "b|more"], ["main", "a|end"]), [
    "● c",
    "● b",
    "│ more",
    "● a",
    "  end",
  ]);
});

Deno.test("graph: a branch that is ahead, and one beside", () => {
  assert.deepEqual(drawn(["try", "c"], ["main", "b"], ["main", "a"]), [
    "  ● c",
    "╭─╯",
    "●   b",
    "●   a",
  ]);
  assert.deepEqual(drawn(["main", "d"], ["try", "c"], ["main", "b"], ["main", "a"]), [
    "●   d",
    "│ ● c",
    "├─╯",
    "●   b",
    "●   a",
  ]);
});

Deno.test("graph: branches of branches", () => {
  const graph = drawn(
    ["two", "e"],
    ["main", "d"],
    ["one", "c"],
    ["two", "b"],
    ["main", "a"],
  );
  assert.deepEqual(graph, [
    "  ●   e",
    "● │   d",
    "│ │ ● c",
    "│ ├─╯",
    "│ ●   b",
    "├─╯",
    "●     a",
  ]);
});

Deno.test("graph: only branches, and main last", () => {
  assert.deepEqual(drawn(["one", "b"], ["two", "a"]), ["●   b", "╰─╮", "  ● a"]);
});
