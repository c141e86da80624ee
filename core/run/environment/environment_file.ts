/** One piece of what is known about the environment of a run. */
export interface EnvironmentFile {
  /** As Python names it where it has the same: `run_env_pip.txt`, `uv.lock`, … */
  readonly name: string;
  readonly text: string;
}

/** What Python calls the list of packages in its folder, and how it describes it. */
export const packagesName = "run_env_pip.txt";
