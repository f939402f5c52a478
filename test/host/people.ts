import { hash } from '@node-rs/bcrypt'
import { type HostDatabase, hostTime, numberOf, type Row, textOf } from './database.ts'
import { sanitiserOf } from './text.ts'

/** The cheapest bcrypt there is: tests log in often. */
const COST = 4

/** The profiles by the ids that a fresh host gives them. */
export const HOST_PROFILES = {
  selfService: 1,
  observer: 2,
  admin: 3,
  superAdmin: 4,
  hotliner: 5,
  technician: 6,
  supervisor: 7,
  readOnly: 8,
} as const

export interface HostMembership {
  profile?: number
  entity?: number
  recursive?: 0 | 1
}

export interface HostPerson {
  login: string
  /** None: nobody logs in with a password. */
  password?: string
  lastname?: string
  firstname?: string
  phone?: string
  phone2?: string
  mobile?: string
  registrationNumber?: string
  /** Kept in the plugin's own table. */
  rio?: string
  emails?: readonly string[]
  /** The default entity, which gives no membership. */
  defaultEntity?: number
  /** Self-Service in the root entity where missing. */
  memberships?: readonly HostMembership[]
  apiToken?: string
  /** 1: a local account; 3: a directory's. */
  authtype?: number
  /** Any other column, as stored. */
  columns?: Readonly<Row>
}

/** Adds to a host's tables what its administrator would add with its forms. */
export function hostPeople(db: HostDatabase, sanitise = sanitiserOf('9.5')) {
  async function addEntity(name: string, parent = 0): Promise<number> {
    const above = await db.row('select completename, level from glpi_entities where id = ?', [parent])
    const last = await db.row('select max(id) as id from glpi_entities')
    const id = numberOf(last?.id) + 1
    await db.insert('glpi_entities', {
      id,
      name: sanitise(name),
      entities_id: parent,
      completename: `${textOf(above?.completename)} > ${sanitise(name)}`,
      level: numberOf(above?.level) + 1,
    })
    return id
  }

  async function addMembership(userId: number, membership: HostMembership = {}): Promise<void> {
    const { profile = HOST_PROFILES.selfService, entity = 0, recursive = 0 } = membership
    await db.insert('glpi_profiles_users', {
      users_id: userId,
      profiles_id: profile,
      entities_id: entity,
      is_recursive: recursive,
    })
  }

  return {
    addEntity,
    addMembership,
    /** Adds a user with all that belongs to one; answers the id. */
    async addPerson(person: HostPerson): Promise<number> {
      const { login, password, memberships = [{}], emails = [], rio, apiToken, columns } = person
      const at = hostTime(new Date())
      const texts = {
        name: login,
        realname: person.lastname,
        firstname: person.firstname,
        phone: person.phone,
        phone2: person.phone2,
        mobile: person.mobile,
        registration_number: person.registrationNumber,
      }
      const id = await db.insert('glpi_users', {
        ...Object.fromEntries(
          Object.entries(texts).map(([column, text]) => [column, text === undefined ? null : sanitise(text)]),
        ),
        password: password === undefined ? null : await hash(password, { cost: COST }),
        entities_id: person.defaultEntity ?? 0,
        authtype: person.authtype ?? 1,
        api_token: apiToken ?? null,
        date_mod: at,
        date_creation: at,
        ...columns,
      })
      for (const membership of memberships) await addMembership(id, membership)
      for (const [index, email] of emails.entries()) {
        await db.insert('glpi_useremails', { users_id: id, email, is_default: index === 0 ? 1 : 0 })
      }
      if (rio !== undefined) {
        const row = { users_id: id, rio_number: rio, date_creation: at, date_mod: at }
        await db.insert('glpi_plugin_callmanager_users', row)
      }
      return id
    },
    /** Sets a right of a profile; null takes the row away. */
    async setRight(profile: number, name: string, rights: number | null): Promise<void> {
      await db.run('delete from glpi_profilerights where profiles_id = ? and name = ?', [profile, name])
      if (rights !== null) await db.insert('glpi_profilerights', { profiles_id: profile, name, rights })
    },
    async setConfig(name: string, value: string): Promise<void> {
      await db.run("delete from glpi_configs where context = 'core' and name = ?", [name])
      await db.insert('glpi_configs', { context: 'core', name, value })
    },
    async addGroup(name: string, members: readonly number[], entity = 0, recursive = 1): Promise<number> {
      const row = { name, completename: name, entities_id: entity, is_recursive: recursive }
      const id = await db.insert('glpi_groups', row)
      for (const member of members) {
        await db.insert('glpi_groups_users', { groups_id: id, users_id: member })
      }
      return id
    },
  }
}
