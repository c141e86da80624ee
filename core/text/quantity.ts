const units = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

/** Bytes as LaminDB shows them: base 1024, one decimal from KB on (`6.1 KB`). */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(1)} ${units[unit]}`;
}
