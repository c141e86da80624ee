/** The options of `lamin run`. */
export interface RunFlags {
  readonly in?: readonly string[];
  readonly out?: readonly string[];
  readonly auto?: boolean;
  readonly name?: string;
  readonly param?: readonly string[];
  readonly project?: string;
}
