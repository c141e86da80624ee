const types: Readonly<Record<string, string>> = {
  bam: "application/x-bam",
  bed: "text/plain",
  bz2: "application/x-bzip2",
  csv: "text/csv",
  fasta: "text/plain",
  fastq: "text/plain",
  gz: "application/gzip",
  h5: "application/x-hdf5",
  h5ad: "application/x-hdf5",
  h5mu: "application/x-hdf5",
  html: "text/html",
  ipynb: "application/x-ipynb+json",
  jpg: "image/jpeg",
  json: "application/json",
  md: "text/markdown",
  parquet: "application/vnd.apache.parquet",
  pdf: "application/pdf",
  png: "image/png",
  py: "text/x-python",
  r: "text/x-r",
  sh: "application/x-sh",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  tif: "image/tiff",
  tiff: "image/tiff",
  tsv: "text/tab-separated-values",
  txt: "text/plain",
  vcf: "text/plain",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
};

/** The media type of a file by its name. */
export function mediaTypeOf(name: string): string {
  return types[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
}
