/** A change of one user, from before its first statement until after its last (nanoseconds of the machine's own clock). */
export interface Change {
  id: number
  number: number
  began: bigint
  ended: bigint
}

/** The sync tells of so many changes at a time. */
export const REPORTED = 500
