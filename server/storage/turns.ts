/** Runs works that share a name one after another, in the order they came; others meanwhile. */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>()
  async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(name) ?? Promise.resolve()
    const turn = before.then(work, work)
    last.set(name, turn)
    try {
      return await turn
    } finally {
      if (last.get(name) === turn) last.delete(name)
    }
  }
  // In one order by all, so that no two wait for each other.
  return <T>(names: readonly string[], work: () => Promise<T>): Promise<T> =>
    names.toSorted().reduceRight((inner, name) => () => inTurn(name, inner), work)()
}
