import { hash } from 'node:crypto'

const START = 1 << 12

/**
 * Remembers which texts were seen, in some 16 bytes each whatever their length: 64 bits of a hash in a table that grows
 * by doubling. Two different ones of a million are taken for one with a chance of 1 in 36 million.
 */
export function createKeySet(): { /** Answers whether the text is new. */ add(text: string): boolean } {
  let table = new BigUint64Array(START)
  let size = 0

  /** Where the value stands, or the free place where it belongs; 0 marks a free place. */
  function placeOf(value: bigint, places: BigUint64Array): number {
    const mask = places.length - 1
    let place = Number(value & BigInt(mask))
    while (places[place] !== 0n && places[place] !== value) place = (place + 1) & mask
    return place
  }

  function grow(): void {
    const larger = new BigUint64Array(table.length * 2)
    for (const value of table) if (value !== 0n) larger[placeOf(value, larger)] = value
    table = larger
  }

  return {
    add(text) {
      const value = hash('sha256', text, 'buffer').readBigUInt64LE() || 1n
      const place = placeOf(value, table)
      if (table[place] === value) return false
      table[place] = value
      if (++size * 2 > table.length) grow()
      return true
    },
  }
}
