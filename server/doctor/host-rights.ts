import { isUsable } from '../domain/accounts.ts'
import { has, READ, RIGHT_NAMES, UPDATE } from '../domain/rights.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'

/** Accounts of a profile that are looked at; whether there are more does not matter. */
const MAX_ACCOUNTS = 1000

/** Beside the SQL there is no page for it until the plugin of Call Manager is installed in the helpdesk. */
const GRANT =
  'callmanager migrate --print prints the SQL that gives both rights to the profiles that may change the helpdesk. Those people give them to other profiles: docs/install.md, "Who may look up".'

interface Profile {
  id: number
  name: string
  central: boolean
  access: number
  config: number
  user: number
}

export const HOST_RIGHTS: readonly Check<{ storage: Storage }>[] = [
  {
    name: 'rights',
    async run({ storage }) {
      const profiles = await readProfiles(storage)
      const access = profiles.filter(({ access, central }) => central && has(access, READ))
      const config = profiles.filter(({ config, central }) => central && has(config, UPDATE))
      return [
        await holders(storage, access, 'look callers up (plugin_callmanager_access READ)'),
        await holders(
          storage,
          config,
          'change the settings of Call Manager (plugin_callmanager_config UPDATE)',
        ),
        ...blind(access),
        ...powerless(profiles),
      ]
    },
  },
]

async function readProfiles({ db }: Storage): Promise<Profile[]> {
  const rows = await db
    .selectFrom('glpi_profiles as profile')
    .leftJoin('glpi_profilerights as held', 'held.profiles_id', 'profile.id')
    .select(['profile.id', 'profile.name', 'profile.interface', 'held.name as right', 'held.rights'])
    .where('held.name', 'in', [RIGHT_NAMES.access, RIGHT_NAMES.config, RIGHT_NAMES.user])
    .orderBy('profile.id')
    .execute()
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, held]) => {
    const bitsOf = (name: string) => held.find(({ right }) => right === name)?.rights ?? 0
    return {
      id,
      name: held[0]?.name ?? '',
      central: held[0]?.interface === 'central',
      access: bitsOf(RIGHT_NAMES.access),
      config: bitsOf(RIGHT_NAMES.config),
      user: bitsOf(RIGHT_NAMES.user),
    }
  })
}

const listed = (profiles: readonly Profile[]): string => profiles.map(({ name }) => name).join(', ')

/** Who may do it, by profile, with how many people hold one of these and can log in. */
async function holders(storage: Storage, profiles: readonly Profile[], what: string): Promise<Outcome> {
  if (profiles.length === 0) return problem(`No profile may ${what}.`, GRANT)
  const users = await storage.db
    .selectFrom('glpi_profiles_users as held')
    .innerJoin('glpi_users as user', 'user.id', 'held.users_id')
    .select(['user.id', 'user.is_active', 'user.is_deleted', 'user.begin_date', 'user.end_date'])
    .distinct()
    .where(
      'held.profiles_id',
      'in',
      profiles.map(({ id }) => id),
    )
    .limit(MAX_ACCOUNTS)
    .execute()
  const count = users.filter((user) => isUsable(user, new Date())).length
  const many = users.length === MAX_ACCOUNTS ? `${count} or more people` : `${count} people`
  const who = count === 1 ? 'One person' : many
  if (count > 0) return ok(`${who} may ${what}, by the profiles ${listed(profiles)}.`)
  return problem(`Nobody who can log in holds a profile that may ${what}: ${listed(profiles)}.`, GRANT)
}

function blind(access: readonly Profile[]): Outcome[] {
  const without = access.filter(({ user }) => !has(user, READ))
  if (without.length === 0) return []
  return [
    warning(
      `The profiles ${listed(without)} may look callers up, but see no users, so they find nobody.`,
      'In ITSM-NG: Administration > Profiles, the profile, Administration: give it Read on Users.',
    ),
  ]
}

function powerless(profiles: readonly Profile[]): Outcome[] {
  const simplified = profiles.filter(({ central, access, config }) => !central && (access > 0 || config > 0))
  if (simplified.length === 0) return []
  return [
    warning(
      `The profiles ${listed(simplified)} have rights of Call Manager that do nothing: ITSM-NG takes plugins' rights from profiles of the simplified interface.`,
      'Give those people a profile of the standard interface.',
    ),
  ]
}
