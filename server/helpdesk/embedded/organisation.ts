import { stringify } from 'csv-stringify/sync'
import type { Kysely } from 'kysely'
import { fold } from '../../domain/words.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'

/**
 * A large French administration as its directory would export it: sixty entities on three levels, and as many people as
 * wanted, the same ones each time. Numbers are made up: the ranges that ARCEP keeps for fiction as far as they reach,
 * then ones that begin with 0X 0, which nobody has.
 */

const SEED = 20_000
const TOWNS = ['Lille', 'Rennes', 'Nancy', 'Nîmes', 'Angoulême', 'Mâcon'] as const
const SERVICES = [
  'Secrétariat général',
  'Direction de la citoyenneté',
  'Bureau des élections',
  'Service des étrangers',
  'Pôle numérique',
  'Contrôle de légalité',
  'Sécurité intérieure',
  'Coordination interministérielle',
  'Accueil du public',
] as const

export interface OrganisationPerson {
  login: string
  lastname: string
  firstname: string
  registrationNumber: string
  /** Empty for a few, as all that follows. */
  rio: string
  phone: string
  phone2: string
  mobile: string
  email: string
  /** The path below the root. */
  entity: string
  location: string
  active: 'oui' | 'non'
  /** The person's own numbers as a PBX would tell them, without the shared ones. */
  ownNumbers: string[]
}

const COLUMNS = {
  login: 'Identifiant',
  lastname: 'Nom',
  firstname: 'Prénom',
  registrationNumber: 'Matricule',
  rio: 'N° RIO',
  phone: 'Téléphone',
  phone2: 'Téléphone 2',
  mobile: 'Portable',
  email: 'Courriel',
  entity: 'Entité',
  location: 'Lieu',
  active: 'Actif',
} as const satisfies Partial<Record<keyof OrganisationPerson, string>>

const of = (town: string): string => (/^[AEIOU]/.test(town) ? `d'${town}` : `de ${town}`)
const prefecture = (town: string): string => `Préfecture ${of(town)}`
const site = (town: string): string => `Cité administrative ${of(town)}`

/** The people, one after another. */
export async function* organisation(count: number): AsyncGenerator<OrganisationPerson> {
  // Names of a whole language: loaded by whoever makes an organisation, and by nobody else.
  const { faker } = await import('@faker-js/faker/locale/fr')
  faker.seed(SEED)
  const namesakes = new Map<string, number>()
  for (let n = 0; n < count; n++) {
    const firstname = faker.person.firstName()
    const lastname =
      n % 11 === 0 ? `${faker.person.lastName()}-${faker.person.lastName()}` : faker.person.lastName()
    yield personOf(n, firstname, lastname, namesakes)
  }
}

function personOf(
  n: number,
  firstname: string,
  lastname: string,
  namesakes: Map<string, number>,
): OrganisationPerson {
  const name = `${plain(lastname)}${plain(firstname).slice(0, 2)}`
  const others = namesakes.get(name) ?? 0
  namesakes.set(name, others + 1)
  const login = others === 0 ? name : `${name}${others + 1}`
  const town = TOWNS[n % TOWNS.length] ?? TOWNS[0]
  const service = SERVICES[Math.floor(n / TOWNS.length) % SERVICES.length]
  const landline = n % 23 === 5 ? '' : landlineOf(n)
  const mobile = n % 2 === 0 ? mobileOf(n / 2) : ''
  const spelling = landline === '' ? '' : spelled(landline, mobile, n)
  return {
    login,
    lastname,
    firstname,
    registrationNumber: `A${String(n).padStart(7, '0')}`,
    rio: rioOf(n),
    phone: spelling,
    phone2: n % 3 === 0 ? `poste ${1000 + (n % 9000)}` : n % 40 === 1 ? switchboard(n) : '',
    // In the one field with the other number, or in its own.
    mobile: mobile === '' || spelling.includes('/') ? '' : pairs(mobile),
    email: n % 37 === 3 ? '' : `${login}@example.org`,
    // Heads of a prefecture belong to it itself.
    entity: n % 100 === 0 ? prefecture(town) : `${prefecture(town)} > ${service}`,
    location: n % 4 === 0 ? site(town) : '',
    active: n % 97 === 50 ? 'non' : 'oui',
    ownNumbers: [landline, mobile].filter((number) => number !== ''),
  }
}

function rioOf(n: number): string {
  if (n % 50 === 20) return ''
  return n % 10 === 0 ? String(n / 10).padStart(7, '0') : String(3_000_000 + n)
}

/** `lefevre` of Lefèvre: logins are made of these, as many directories do, and so meet none of the demo's own. */
function plain(name: string): string {
  return fold(name).replace(/[^a-z]/g, '')
}

const LANDLINES = ['019900', '026191', '035301', '046571', '053649']
const EACH = 10_000

function landlineOf(n: number): string {
  const within = Math.floor(n / LANDLINES.length)
  const prefix = LANDLINES[n % LANDLINES.length] ?? ''
  return within < EACH
    ? `${prefix}${String(within).padStart(4, '0')}`
    : `${prefix.slice(0, 2)}0${String(within).padStart(7, '0')}`
}

function mobileOf(n: number): string {
  return n < EACH ? `063998${String(n).padStart(4, '0')}` : `060${String(n).padStart(7, '0')}`
}

/** The number of an entity's front desk, which forty people share. */
function switchboard(n: number): string {
  return pairs(`0100000${String(n % 60).padStart(3, '0')}`)
}

function pairs(number: string, sign = ' '): string {
  return number.match(/../g)?.join(sign) ?? number
}

/** As people write numbers: each spelling in turn. */
function spelled(number: string, mobile: string, n: number): string {
  const rest = number.slice(1)
  const spellings = [
    pairs(number),
    pairs(number, '.'),
    number,
    `+33 ${rest.slice(0, 1)} ${pairs(rest.slice(1))}`,
    `+33(0)${rest}`,
    `0033${rest}`,
    pairs(number, '-'),
    mobile === '' ? `${pairs(number)} (${1000 + (n % 9000)})` : `${pairs(number)} / ${pairs(mobile)}`,
  ]
  // Not in step with who has a mobile.
  return spellings[Math.floor(n / 2) % spellings.length] ?? number
}

const LINES_AT_ONCE = 1000

/** The people as the CSV file that a spreadsheet or a directory's export would be. */
export async function* organisationCsv(
  count: number,
  encoding: 'utf-8' | 'windows-1252' = 'utf-8',
): AsyncGenerator<Uint8Array> {
  const options = { delimiter: ';', record_delimiter: '\r\n' }
  const bytes = (text: string): Uint8Array => (encoding === 'utf-8' ? Buffer.from(text) : toWindows1252(text))
  yield bytes(stringify([Object.values(COLUMNS)], options))
  let lines: string[][] = []
  for await (const person of organisation(count)) {
    const cells: Record<string, unknown> = { ...person }
    lines.push(Object.keys(COLUMNS).map((column) => String(cells[column])))
    if (lines.length < LINES_AT_ONCE) continue
    yield bytes(stringify(lines, options))
    lines = []
  }
  if (lines.length > 0) yield bytes(stringify(lines, options))
}

/** What Windows-1252 has where Latin-1 has control characters, such as œ and the curved apostrophe. */
const WINDOWS = new Map(
  [...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, n) => 0x80 + n))].map(
    (letter, n) => [letter, String.fromCharCode(0x80 + n)],
  ),
)

function toWindows1252(text: string): Uint8Array {
  return Buffer.from(
    text.replace(/[^\0-\xff]/g, (letter) => WINDOWS.get(letter) ?? '?'),
    'latin1',
  )
}

/** Makes the sixty entities and the sites, where they are not there yet. */
export async function insertOrganisationPlaces(storage: Storage): Promise<void> {
  await storage.write('full', async (tx) => {
    const root = await tx.selectFrom('glpi_entities').select('name').where('id', '=', 0).executeTakeFirst()
    const rootName = root?.name ?? 'Root entity'
    let next = (await largestEntity(tx)) + 1
    const first = TOWNS[0]
    const known = await tx
      .selectFrom('glpi_entities')
      .select('id')
      .where('entities_id', '=', 0)
      .where('name', '=', prefecture(first))
      .executeTakeFirst()
    if (known !== undefined) return
    for (const town of TOWNS) {
      const above = next++
      const path = `${rootName} > ${prefecture(town)}`
      const services = SERVICES.map((name) => ({
        id: next++,
        name,
        parent: above,
        path: `${path} > ${name}`,
      }))
      await storage.insertMany(
        tx,
        'glpi_entities',
        [{ id: above, name: prefecture(town), parent: 0, path }, ...services].map((entity) => ({
          id: entity.id,
          name: entity.name,
          entities_id: entity.parent,
          completename: entity.path,
          level: entity.parent === 0 ? 2 : 3,
          date_mod: null,
        })),
      )
      await tx
        .insertInto('glpi_locations')
        .values({ name: site(town), completename: site(town), entities_id: above, is_recursive: 1, level: 1 })
        .execute()
    }
  })
}

async function largestEntity(tx: Kysely<Tables>): Promise<number> {
  const { id } = await tx
    .selectFrom('glpi_entities')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  return Number(id)
}
