import assert from "node:assert/strict";
import { readNotebook } from "../../../core/notebook/notebook.ts";
import { reportHtml } from "../../../core/notebook/report_html.ts";

const cells = [
  { cell_type: "markdown", source: ["# A <title>\n", "text & more"], metadata: {} },
  {
    cell_type: "code",
    source: 'token = "S3CRET"\nprint("<b>")',
    metadata: {},
    execution_count: 1,
    outputs: [
      { output_type: "stream", name: "stdout", text: ["<b>\n", "\u001b[31mred\u001b[0m"] },
      {
        output_type: "display_data",
        data: { "image/png": "iVBO\nRw==", "text/plain": "<Figure>" },
      },
      {
        output_type: "execute_result",
        data: { "text/html": ["<table><tr><td>1</td></tr></table>"] },
      },
      { output_type: "error", ename: "E", traceback: ["line 1", "postgres://a:S3CRET@host/db"] },
    ],
  },
];

Deno.test("report of a notebook: code, what it showed, nothing that runs, and no secrets", () => {
  const read = readNotebook(JSON.stringify({ nbformat: 4, cells }), "a.ipynb");
  const html = reportHtml(read, 'A "title"');
  assert.ok(html.includes("<title>A &#34;title&#34;</title>"));
  assert.ok(html.includes("<h1>A &#60;title&#62;</h1>"));
  assert.ok(html.includes("print(&#34;&#60;b&#62;&#34;)"));
  assert.ok(html.includes('<pre class="shown">&#60;b&#62;\nred</pre>'));
  assert.ok(html.includes('src="data:image/png;base64,iVBORw=="'));
  assert.ok(html.includes("<table><tr><td>1</td></tr></table>"));
  assert.ok(html.includes("default-src 'none'"));
  assert.ok(!html.includes("S3CRET"));
});
