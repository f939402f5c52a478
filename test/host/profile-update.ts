import { CRASHED, type HostAnswer, written } from './answers.ts'
import type { SessionCall } from './call.ts'
import { textOf } from './database.ts'
import { hasNested, NO_PERMISSION, readInput, writeRefused } from './input.ts'
import { hasRight } from './session.ts'

const UPDATE = 2

/**
 * A right as it is sent: boxes that are named by their bits, such as `{"1_0": 1, "2_0": 0}`, or a list, whose places are
 * the bits. Anything else is one box, that of the bit 1: the number 3 gives 1.
 */
function bitsOf(sent: unknown): number {
  if (typeof sent !== 'object' || sent === null) return Number(sent) === 0 ? 0 : 1
  return Object.entries(sent)
    .filter(([, ticked]) => Boolean(Number(ticked)))
    .reduce((bits, [box]) => bits + Number(box.split('_')[0]), 0)
}

/** `PUT Profile/:id`: rights by `_<right>`; a right whose name no profile has is passed over. */
export async function updateProfile(call: SessionCall, profileId: number): Promise<HostAnswer> {
  const { db, session } = call
  const known = await db.rows('select distinct name from glpi_profilerights')
  const rights = new Set(known.map((row) => textOf(row.name)))
  const input = readInput(call, new Set([...rights].map((name) => `_${name}`).concat('id')))
  const profile = await db.row('select id from glpi_profiles where id = ?', [profileId])
  if (profile === undefined) throw writeRefused('ERROR_GLPI_UPDATE', null)
  if (!hasRight(session, 'profile', UPDATE)) throw writeRefused('ERROR_GLPI_UPDATE', NO_PERMISSION)
  if (call.nestedInput === 'crashed' && hasNested(input)) return CRASHED
  for (const [name, sent] of input) {
    const right = name.slice(1)
    if (!name.startsWith('_') || !rights.has(right)) continue
    const bits = bitsOf(sent)
    const place = [profileId, right]
    const row = await db.row('select id from glpi_profilerights where profiles_id = ? and name = ?', place)
    if (row === undefined) {
      await db.insert('glpi_profilerights', { profiles_id: profileId, name: right, rights: bits })
    } else {
      await db.run('update glpi_profilerights set rights = ? where id = ?', [bits, row.id])
    }
  }
  return written(profileId)
}
