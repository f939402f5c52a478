import { hostTime } from '../../server/domain/times.ts'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import type { Services } from '../../server/services.ts'
import { nameOfUser } from '../../test/support/names.ts'

const CHUNK = 1000
const START = Date.UTC(2020, 0, 1)

/** User n's identifiers, one of each kind, distinct for each n. */
export function identifiersOfUser(n: number) {
  const digits = String(n).padStart(7, '0')
  return {
    rio: `2${digits}`,
    login: `agent.${digits}`,
    registrationNumber: `REG-${digits}`,
    phone: `01 ${digits.slice(0, 2)} ${digits.slice(2, 4)} ${digits.slice(4, 6)} ${digits.slice(6)}9`,
    e164: `+331${digits}9`,
    extension: digits,
  }
}

/**
 * Fills an empty store with `count` people in 60 entities, as rows, and builds the index: users 1 to `count`, each with a
 * RIO in every one of the three places, a phone number and an extension.
 */
export async function populate({ storage, settings, helpdesk }: Services, count: number): Promise<void> {
  await storage.write('normal', async (tx) => {
    const entities = Array.from({ length: 60 }, (_, index) => ({
      id: index + 1,
      name: `Service ${index + 1}`,
      entities_id: index < 6 ? 0 : (index % 6) + 1,
      completename: `Root entity > Service ${index + 1}`,
      level: index < 6 ? 2 : 3,
      date_mod: null,
    }))
    await storage.insertMany(tx, 'glpi_entities', entities)
  })
  for (let from = 1; from <= count; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, count - from + 1) }, (_, index) => from + index)
    await storage.write('normal', async (tx) => {
      await storage.insertMany(
        tx,
        'glpi_users',
        numbers.map((n) => {
          const ids = identifiersOfUser(n)
          const { lastname, firstname } = nameOfUser(n)
          const at = hostTime(new Date(START + n * 1000))
          return {
            id: n,
            name: ids.login,
            realname: lastname,
            firstname,
            registration_number: ids.registrationNumber,
            phone: ids.phone,
            phone2: `poste ${ids.extension}`,
            entities_id: (n % 60) + 1,
            authtype: 1,
            date_mod: at,
            date_creation: at,
          }
        }),
      )
      await storage.insertMany(
        tx,
        'glpi_profiles_users',
        numbers.map((n) => ({ users_id: n, profiles_id: 1, entities_id: (n % 60) + 1, is_recursive: 0 })),
      )
      await storage.insertMany(
        tx,
        'glpi_useremails',
        numbers.map((n) => ({ users_id: n, is_default: 1, email: nameOfUser(n).email })),
      )
      await storage.insertMany(
        tx,
        'glpi_plugin_callmanager_users',
        numbers.map((n) => ({
          users_id: n,
          rio_number: identifiersOfUser(n).rio,
          date_mod: hostTime(new Date(START + n * 1000)),
        })),
      )
    })
  }
  const { entityTree, decodeText } = helpdesk
  await bringUpToDate({ storage, settings, entityTree, decodeText })
  await helpdesk.logins?.addAccount({ login: 'bench', password: 'bench-bench' }, 'Super-Admin')
}
