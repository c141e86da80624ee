import type { Place, Tool } from "../tool.ts";
import type { Bench } from "../workbench.ts";

/** A place where the tool is ready, and then the data lies. */
export async function furnished(
  bench: Bench,
  tool: Tool,
  place: Place,
  putData: () => Promise<void>,
): Promise<Place> {
  const { init } = tool.work;
  if (init !== undefined) await bench.measure(tool, place, init(place, ""));
  await putData();
  return place;
}
