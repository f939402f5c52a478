import { randomInt } from 'node:crypto'

/** Moments drawn from a seed that the environment may give, so that a failure can be tried again. */
export function drawn(variable: string): { random: () => number; seed: string } {
  const seed = Number(process.env[variable] ?? randomInt(2 ** 31))
  return { random: seededRandom(seed), seed: `${variable}=${seed}` }
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
