/** What dead processes left below a folder of the instance. */
export function leftovers(folder: string): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (/^new-|\.clock$|\.lamin-temporary$/.test(name) || folder.endsWith("/staging")) {
      found.push(path);
    } else if (isDirectory) found.push(...leftovers(path));
  }
  return found;
}
