/** Suffixes without their dot, as LaminDB 2.12 knows them (COMPAT §5.3). */
function suffixes(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/).map((suffix) => `.${suffix}`));
}

/** A format that one suffix tells. */
export const simpleFormats = suffixes(`
  3g2 3gp 3gpp 3gpp2 a aac adts ai aif aifc aiff ass au avi avif bat bcpio bin bmp c cdf cpio
  csh css csv dll doc dot dvi eml eps etx exe gif gtar h h5 hdf heic heif htm html ico ief jpe
  jpeg jpg js json ksh latex loas m1v m3u m3u8 man markdown md me mht mhtml mid midi mif mjs mov
  movie mp2 mp3 mp4 mpa mpe mpeg mpg ms n3 nc nq nt nws o obj oda opus p12 p7c pbm pct pdf pfx
  pgm pic pict pl png pnm pot ppa ppm pps ppt ps pwz py pyc pyo qt ra ram ras rdf rgb roff rtf
  rtx sgm sgml sh shar snd so src srt sv4cpio sv4crc svg swf t tar tcl tex texi texinfo tif tiff
  tr trig tsv txt ustar vcf vtt wasm wav webm webmanifest webp wiz wsdl xbm xlb xls xml xpdl xpm
  xsl xul xwd zip
  fasta fastq fa bam sam cram bcf bed gff gff3 gtf bigwig bw bedgraph gb genbank embl nwk newick
  obo fcs
  h5ad h5mu loom
  parquet xlsx arrow feather orc avro
  mtx npy npz hdf5
  zarr tiledb tiledbsoma soma
  jsonl ndjson yaml yml pkl pickle qs rds
  pt pth ckpt state_dict keras pb pbtxt savedmodel safetensors model mlmodel mar onnx gguf
  tflite joblib
  dcm nd2 czi lif svs
  ipynb
  rar 7z
  db duckdb sqlite
  data
`);

/** Formats that only several suffixes together tell; they go before the simple ones. */
export const compositeFormats = suffixes(`
  anndata.zarr vitessce.json ome.zarr ome.h5 ome.hdf5
`);

/** Compressions, put behind the suffix of what they compress. */
export const encodingFormats = suffixes("gz bz2 xz zst");
