/**
 * Words to put before a command line. Root is above permission bits, so that nothing would ever be
 * denied: the command runs without that power where a program can take it away.
 */
export function withoutPowers(): readonly string[] {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return [];
  const powers = "-dac_override,-dac_read_search";
  const command = ["setpriv", `--bounding-set=${powers}`, `--inh-caps=${powers}`];
  try {
    const trial = new Deno.Command(command[0]!, { args: [...command.slice(1), "true"] });
    return trial.outputSync().success ? command : [];
  } catch {
    return [];
  }
}

/** Why tests of what is denied cannot run here, if they cannot. */
export function cannotBeDenied(): string | undefined {
  if (Deno.build.os === "windows") return "Windows has no permission bits";
  const isAbove = Deno.uid() === 0 && withoutPowers().length === 0;
  return isAbove ? "root is above permission bits, and setpriv is not here" : undefined;
}
