import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, describe, expect, test } from 'vitest'
import {
  insertOrganisationPlaces,
  type OrganisationPerson,
  organisation,
  organisationCsv,
} from '../server/helpdesk/embedded/organisation.ts'
import { openServices } from '../server/services.ts'
import { API, startApp, type TestApp, V1 } from './support/app.ts'
import { callmanager as runCommand } from './support/command.ts'
import { EMBEDDED } from './support/embedded.ts'

const PEOPLE = 20_000
const folder = mkdtempSync(join(tmpdir(), 'callmanager-real-'))
afterAll(() => rmSync(folder, { recursive: true }))

const callmanager = (...args: string[]) => runCommand(args, { DATA_DIR: folder }, folder)

/** As a telephone system tells a number, and as people write it. */
const spellings = (number: string): string[] => [
  number,
  number.match(/../g)?.join(' ') ?? '',
  number.match(/../g)?.join('.') ?? '',
  `+33${number.slice(1)}`,
  `+33(0)${number.slice(1)}`,
  `0033${number.slice(1)}`,
  `sip:+33${number.slice(1)}@pbx.example.org`,
]

describe(`an organisation of ${PEOPLE} people`, () => {
  test('is imported from a file of Windows-1252 by the command line, and found by every identifier', {
    timeout: 180_000,
  }, async () => {
    const file = join(folder, 'people.csv')
    await pipeline(organisationCsv(PEOPLE, 'windows-1252'), createWriteStream(file))
    const url = `file:${join(folder, 'callmanager.db')}`
    const services = await openServices(
      { ...EMBEDDED, DATABASE_URL: url },
      { info: () => {}, error: () => {} },
    )
    await insertOrganisationPlaces(services.storage)
    await services.close()

    const first = await callmanager('import', file)
    expect(first).toMatchObject({
      code: 0,
      stdout: `${PEOPLE} lines: ${PEOPLE} created, 0 changed, 0 unchanged, 0 refused.\n`,
    })
    const again = await callmanager('import', file)
    expect(again.stdout).toBe(`${PEOPLE} lines: 0 created, 0 changed, ${PEOPLE} unchanged, 0 refused.\n`)

    const it = await startApp({ DATABASE_URL: url, LOOKUPS_PER_MINUTE: '0' }, false)
    await it.services.helpdesk.logins?.addAccount(
      { login: 'alice', password: 'alice-has-every-right' },
      'Super-Admin',
    )
    const token = await it.logIn('alice')

    let asked = 0
    const missed: string[] = []
    for await (const person of everyTenth()) {
      if (person.active === 'non') continue
      if (person.rio !== '') {
        const { users } = (await it.askAs(token, `${API}/users/${person.rio}`)).json()
        if (users.length !== 1 || users[0].lastname !== person.lastname || users[0].phone !== person.phone) {
          missed.push(`RIO of ${person.login}: ${users.length}`)
        }
        asked++
      }
      const name = `${person.firstname} ${person.lastname}`
      for (const q of [person.login, name, ...person.ownNumbers.flatMap(spellings)]) {
        const found = await searched(it, token, q)
        if (!found.logins.includes(person.login) && !found.incomplete) missed.push(`${person.login} by ${q}`)
        asked++
      }
    }
    expect(missed).toEqual([])
    expect(asked).toBeGreaterThan(PEOPLE / 2)
  })
})

/** Whom the search field finds; `incomplete` where more have such a name than an answer holds. */
async function searched(
  it: TestApp,
  token: string,
  q: string,
): Promise<{ logins: string[]; incomplete: boolean }> {
  const answer = await it.askAs(token, `${V1}/search?limit=100&q=${encodeURIComponent(q)}`)
  const { items, incomplete } = answer.json()
  return { logins: items.map(({ user }: { user: { login: string } }) => user.login), incomplete }
}

async function* everyTenth(): AsyncGenerator<OrganisationPerson> {
  let n = 0
  // Not in step with anything that the organisation does every so often.
  for await (const person of organisation(PEOPLE)) if (n++ % 10 === Math.floor(n / 10) % 10) yield person
}
