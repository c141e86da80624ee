const languages: Readonly<Record<string, string>> = {
  bash: "Shell",
  ipynb: "Python",
  js: "JavaScript",
  jl: "Julia",
  nf: "Nextflow",
  pl: "Perl",
  py: "Python",
  qmd: "Quarto",
  r: "R",
  rmd: "R Markdown",
  sh: "Shell",
  smk: "Snakemake",
  sql: "SQL",
  ts: "TypeScript",
  wdl: "WDL",
};

/** The language of source code by the name of its file. */
export function languageOf(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (name === "Snakefile") return "Snakemake";
  return languages[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "unknown";
}
