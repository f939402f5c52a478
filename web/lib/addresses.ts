/** Matches these addresses and what stands below them, with any query: what the router takes for its own. */
export function addressesBelow(...paths: string[]): RegExp {
  const escaped = paths.map((path) => path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^(${escaped.join('|')})(/|\\?|#|$)`)
}
