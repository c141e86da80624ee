/** How much work each scene is. */
export interface Scale {
  readonly name: ScaleName;
  /** Bytes of the one large file. */
  readonly largeBytes: number;
  /** Files of 4 KiB, a hundred a folder. */
  readonly files: number;
  /** Ten times as many, or 0 to leave them out. */
  readonly moreFiles: number;
  /** Rows of artifacts that are queried. */
  readonly artifacts: number;
  /** Ten times as many, or 0 to leave them out. */
  readonly moreArtifacts: number;
  /** Files that are registered where they lie. */
  readonly listed: number;
  /** Files of 4 KiB that are pushed and cloned. */
  readonly syncFiles: number;
  /** Bytes of the one file that goes to a bucket. */
  readonly bucketBytes: number;
  /** Files of 4 KiB that go to a bucket. */
  readonly bucketFiles: number;
  /** Objects of a bucket that are registered where they lie. */
  readonly objects: number;
  /** Rows of the table in a bucket whose beginning is read. */
  readonly tableRows: number;
  /** Rows of artifacts that are queried on a server. */
  readonly serverArtifacts: number;
}

export const scaleNames = ["small", "normal", "large"] as const;
export type ScaleName = typeof scaleNames[number];

const mebibyte = 1 << 20;

/** Normal leaves out what takes long to prepare; large is every size that the limits speak of. */
export const scales: Readonly<Record<ScaleName, Scale>> = {
  small: {
    name: "small",
    largeBytes: 16 * mebibyte,
    files: 200,
    moreFiles: 2_000,
    artifacts: 2_000,
    moreArtifacts: 20_000,
    listed: 2_000,
    syncFiles: 200,
    bucketBytes: 32 * mebibyte,
    bucketFiles: 200,
    objects: 2_000,
    tableRows: 200_000,
    serverArtifacts: 2_000,
  },
  normal: {
    name: "normal",
    largeBytes: 1024 * mebibyte,
    files: 10_000,
    moreFiles: 0,
    artifacts: 100_000,
    moreArtifacts: 0,
    listed: 100_000,
    syncFiles: 2_000,
    bucketBytes: 256 * mebibyte,
    bucketFiles: 2_000,
    objects: 10_000,
    tableRows: 4_000_000,
    serverArtifacts: 100_000,
  },
  large: {
    name: "large",
    largeBytes: 1024 * mebibyte,
    files: 10_000,
    moreFiles: 100_000,
    artifacts: 100_000,
    moreArtifacts: 1_000_000,
    listed: 1_000_000,
    syncFiles: 2_000,
    bucketBytes: 256 * mebibyte,
    bucketFiles: 2_000,
    objects: 100_000,
    tableRows: 4_000_000,
    serverArtifacts: 1_000_000,
  },
};
