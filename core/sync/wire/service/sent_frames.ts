import type { Frames } from "../channel.ts";
import { encodeFrame, type Frame } from "../frame.ts";
import { encodeJson } from "../json.ts";
import { tellError } from "../wire_error.ts";

/** How often it is said that the work goes on, in milliseconds. */
const signEvery = 10_000;

/**
 * An answer as bytes: its frames, with a sign of life where they take long, and its end. A failure
 * becomes the end; `failed` is told of it.
 */
export async function* sentFrames(
  frames: Frames,
  failed: (error: unknown) => void = () => {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  try {
    for (let next = frames.next();;) {
      const step = await orSign(next);
      if (step === undefined) {
        yield encodeFrame({ kind: "alive", bytes: new Uint8Array() });
        continue;
      }
      if (step.done) {
        yield encodeFrame(end(step.value));
        return;
      }
      yield encodeFrame(step.value);
      next = frames.next();
    }
  } catch (error) {
    failed(error);
    yield encodeFrame(end({ error: tellError(error) }));
  } finally {
    // It may still wait for something that does not come.
    frames.return({}).catch(() => {});
  }
}

function end(value: unknown): Frame {
  return { kind: "end", bytes: encodeJson(value) };
}

/** The next step, or undefined when it takes long. */
async function orSign<T>(next: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sign = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), signEvery);
  });
  try {
    return await Promise.race([next, sign]);
  } finally {
    clearTimeout(timer);
  }
}
