import { distance } from "fastest-levenshtein";

/**
 * The candidates that are a likely slip of the keys away from `word`, nearest first, three at most.
 */
export function nearest(word: string, candidates: readonly string[]): string[] {
  const lower = word.toLowerCase();
  const allowed = Math.max(1, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .filter(({ far, candidate }) => far <= allowed || candidate.toLowerCase().startsWith(lower))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
