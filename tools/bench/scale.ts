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
  },
  normal: {
    name: "normal",
    largeBytes: 1024 * mebibyte,
    files: 10_000,
    moreFiles: 0,
    artifacts: 100_000,
    moreArtifacts: 0,
    listed: 100_000,
  },
  large: {
    name: "large",
    largeBytes: 1024 * mebibyte,
    files: 10_000,
    moreFiles: 100_000,
    artifacts: 100_000,
    moreArtifacts: 1_000_000,
    listed: 1_000_000,
  },
};
