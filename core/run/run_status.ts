/** `run._status_code` (COMPAT §6.2). */
export const runStatus = {
  scheduled: -3,
  restarted: -2,
  started: -1,
  completed: 0,
  errored: 1,
  aborted: 2,
} as const;

export type RunStatus = (typeof runStatus)[keyof typeof runStatus];
