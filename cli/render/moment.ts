/** A time of the database for people: to the second, in UTC. */
export function momentText(time: string): string {
  return `${time.slice(0, 19)} UTC`;
}
