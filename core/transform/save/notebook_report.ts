import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { isConsecutive } from "../../notebook/notebook.ts";
import { reportHtml } from "../../notebook/report_html.ts";
import { withoutKnownSecrets } from "../../run/secret_shapes.ts";
import type { SourceFile } from "./source_file.ts";

/** How a notebook looked when it ran, as a page. */
export interface NotebookReport {
  readonly html: string;
  /** The title of the page, which LaminDB describes the transform with. */
  readonly description: string | undefined;
  /** Whether its cells ran one after the other, as far as is known. */
  readonly isConsecutive: boolean;
}

/**
 * The report of a notebook: of Jupyter made of what is in it, of R the page that was rendered
 * beside it, if there is one (COMPAT §6.4). Throws code "usage" where there are two.
 */
export function notebookReport(host: Host, file: SourceFile): NotebookReport | undefined {
  if (file.kind !== "notebook") return undefined;
  if (file.cells !== undefined) {
    return {
      html: reportHtml(file.cells, file.description),
      description: file.description,
      isConsecutive: isConsecutive(file.cells),
    };
  }
  const stem = file.path.replace(/\.[^./]+$/, "");
  const pages = [`${stem}.nb.html`, `${stem}.html`]
    .filter((path) => host.files.stat(path)?.kind === "file");
  if (pages.length > 1) {
    throw new LaminError("usage", `there are two reports of ${file.path}`, {
      hint: `delete one of ${pages.join(" and ")}`,
      data: { path: file.path, reports: pages },
    });
  }
  const [page] = pages;
  if (page === undefined) return undefined;
  return {
    ...withoutTitle(new TextDecoder().decode(host.files.readFile(page))),
    isConsecutive: true,
  };
}

/** LaminDB shows the title apart, and so takes it out of the page. */
function withoutTitle(page: string): { html: string; description: string | undefined } {
  const html = withoutKnownSecrets(page);
  const title = /<title>(.*?)<\/title>/.exec(html)?.[1];
  if (title === undefined) return { html, description: undefined };
  const literally = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const cleaned = html.replaceAll(/<title>(.*?)<\/title>/g, "")
    .replaceAll(new RegExp(`<h1[^>]*>${literally}</h1>`, "g"), "");
  return { html: cleaned, description: title };
}
