/** How nodes of a lineage are named: `artifact 12`. */
export function nodeName({ kind, id }: { readonly kind: string; readonly id: number }): string {
  return `${kind} ${id}`;
}
