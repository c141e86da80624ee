import { redactSource } from "../run/redact.ts";
import { withoutKnownSecrets } from "../run/secret_shapes.ts";
import { isPythonDict, type PythonDict, type PythonValue } from "../python/value.ts";
import { type Cell, joined } from "./notebook.ts";

/**
 * A notebook with what its cells showed as a page of HTML, without secrets. The page brings all
 * that it shows, and tells browsers to run nothing in it and to load nothing from elsewhere, as
 * nobody knows what a notebook shows.
 */
export function reportHtml(cells: readonly Cell[], title: string | undefined): string {
  const name = escaped(title ?? "Notebook");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${name}</title>
<style>${style}</style>
</head>
<body>
${cells.map(cellHtml).join("\n")}
</body>
</html>
`;
}

const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const style = `body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{font:13px/1.4 monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.code{background:#f5f5f5;border-left:3px solid #bbb;padding:.5rem;margin-top:1rem}
.shown{padding:.5rem;overflow-x:auto}.error{background:#fdecea}.text{white-space:pre-wrap}
img{max-width:100%}table{border-collapse:collapse}td,th{padding:.1rem .5rem;text-align:right}`;

function cellHtml({ type, source, outputs }: Cell): string {
  if (type === "code") {
    return [`<pre class="code">${escaped(redactSource(source))}</pre>`, ...outputs.map(shown)]
      .join("\n");
  }
  const lines = withoutKnownSecrets(source).split("\n").map((line) => {
    const heading = type === "markdown" ? /^(#{1,6}) +(.*)$/.exec(line) : null;
    if (heading === null) return `${escaped(line)}\n`;
    return `<h${heading[1]!.length}>${escaped(heading[2]!)}</h${heading[1]!.length}>`;
  });
  return `<div class="text">${lines.join("")}</div>`;
}

function shown(output: PythonDict): string {
  const text = output.get("text");
  if (text !== undefined) return block("shown", joined(text));
  const traceback = output.get("traceback");
  if (Array.isArray(traceback)) {
    return block("shown error", traceback.map((line) => joined(line)).join("\n"));
  }
  const data = output.get("data") ?? null;
  return isPythonDict(data) ? dataHtml(data) : "";
}

/** The form that tells most of what a browser can show without running anything. */
function dataHtml(data: PythonDict): string {
  const textOf = (type: string): PythonValue | undefined => data.get(type);
  for (const type of ["image/png", "image/jpeg"]) {
    const image = textOf(type);
    if (image !== undefined) {
      const bytes = joined(image).replace(/[^A-Za-z0-9+/=]/g, "");
      return `<div class="shown"><img alt="" src="data:${type};base64,${bytes}"></div>`;
    }
  }
  const html = textOf("text/html") ?? textOf("image/svg+xml");
  if (html !== undefined) return `<div class="shown">${withoutKnownSecrets(joined(html))}</div>`;
  return block("shown", joined(textOf("text/plain") ?? ""));
}

function block(kind: string, text: string): string {
  // deno-lint-ignore no-control-regex -- the colours of terminals
  const plain = text.replace(/\x1b\[[0-9;]*m/g, "");
  return `<pre class="${kind}">${escaped(withoutKnownSecrets(plain))}</pre>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
