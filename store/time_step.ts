/** Coarsest step, in milliseconds, in which a local file system may count times. */
export const timeStepMs = 20;
