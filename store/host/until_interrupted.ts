/** Waits until the user or the system wants the program to end (SIGINT, SIGTERM). */
export async function untilInterrupted(): Promise<void> {
  const { default: process } = await import("node:process");
  await new Promise<void>((resolve) => {
    const done = () => {
      process.removeListener("SIGINT", done);
      process.removeListener("SIGTERM", done);
      resolve();
    };
    process.on("SIGINT", done);
    process.on("SIGTERM", done);
  });
}
