import type { Host, OpenFile } from "../../store/host/host.ts";

/**
 * Lets something happen to a file right before the call with this number, from 1, that concerns it:
 * of the file system or of the open file. `count` tells how many calls there were.
 */
export function changing(
  path: string,
  number: number,
  change: () => void,
): { wrap: (host: Host) => Host; count: () => number } {
  let count = 0;
  const step = () => {
    if (++count === number) change();
  };
  const wrap = (host: Host): Host => ({ ...host, files: concerning(host.files, path, step) });
  return { wrap, count: () => count };
}

function concerning(files: Host["files"], path: string, step: () => void): Host["files"] {
  return new Proxy(files, {
    get(target, name) {
      const call = target[name as keyof Host["files"]] as unknown;
      if (typeof call !== "function") return call;
      return (...given: unknown[]) => {
        const concerns = given[0] === path || given[1] === path;
        if (concerns) step();
        const result = call.apply(target, given);
        return concerns && name === "open" ? stepping(result as OpenFile, step) : result;
      };
    },
  });
}

function stepping(file: OpenFile, step: () => void): OpenFile {
  return {
    read: (buffer) => {
      step();
      return file.read(buffer);
    },
    write: (bytes) => file.write(bytes),
    seek: (offset) => file.seek(offset),
    flush: () => file.flush(),
    stat: () => {
      step();
      return file.stat();
    },
    close: () => file.close(),
  };
}
