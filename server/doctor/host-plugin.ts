import { sql } from 'kysely'
import { RIGHT_NAMES } from '../domain/rights.ts'
import { isDenied, isUnknownTable } from '../storage/refusals.ts'
import type { Storage } from '../storage/storage.ts'
import { VERSION } from '../version.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'

/** Values of `glpi_plugins.state`: what the helpdesk last found. */
const ACTIVE = 1
/** Its tables are not there. */
const TO_BE_CONFIGURED = 3
/** Its folder is not there. */
const TO_BE_CLEANED = 5
/** Its files are of another release than its installation. */
const NOT_UPDATED = 6
/** Those before are the PHP plugin that Call Manager replaces. */
const FIRST_OF_OURS = 2

const PUT_IN_PLACE = `Put the folder callmanager of release ${VERSION} in the plugins of the helpdesk, then Setup > Plugins, Call Manager Plugin: Update. Never "Uninstall" the old one, which deletes all RIOs.`

export const HOST_PLUGIN: readonly Check<{ storage: Storage }>[] = [
  {
    name: 'plugin',
    async run({ storage: { db } }) {
      try {
        const plugin = await readPlugin(db)
        return [
          standing(plugin),
          ...(isOurs(plugin) && plugin.state === ACTIVE ? await unregistered(db) : []),
        ]
      } catch (error) {
        if (isDenied(error)) {
          const grant =
            'callmanager migrate --print prints the GRANT; it is on three columns of glpi_plugins.'
          return [ok(`Whether the plugin is in the helpdesk's menus this account may not see. ${grant}`)]
        }
        if (isUnknownTable(error))
          return [problem('The helpdesk has no table of plugins.', 'Restore glpi_plugins.')]
        throw error
      }
    },
  },
]

interface Plugin {
  version: string
  state: number
}

async function readPlugin(db: Storage['db']): Promise<Plugin | undefined> {
  const { rows } = await sql<Plugin>`select version, state from glpi_plugins
    where directory = 'callmanager'`.execute(db)
  return rows[0]
}

const isOurs = (plugin: Plugin | undefined): plugin is Plugin =>
  plugin !== undefined && Number.parseInt(plugin.version, 10) >= FIRST_OF_OURS

/** Whether pages of our own are in the helpdesk's menus; false also where this account may not see that. */
export async function isPluginActive({ db }: Storage): Promise<boolean> {
  try {
    const plugin = await readPlugin(db)
    return isOurs(plugin) && plugin.state === ACTIVE
  } catch (error) {
    if (isDenied(error) || isUnknownTable(error)) return false
    throw error
  }
}

/** Where a right has no row at all, the helpdesk does not offer it in the tab of a profile. */
async function unregistered(db: Storage['db']): Promise<Outcome[]> {
  const names = [RIGHT_NAMES.access, RIGHT_NAMES.config]
  const rows = await db
    .selectFrom('glpi_profilerights')
    .select('name')
    .distinct()
    .where('name', 'in', names)
    .execute()
  const missing = names.filter((name) => !rows.some((row) => row.name === name))
  if (missing.length === 0) return [ok('Its rights are registered in the helpdesk.')]
  return [
    warning(
      `The rights ${missing.join(', ')} are not registered in the helpdesk, so that no profile can be given them.`,
      'An administrator of the database runs what callmanager migrate --print prints.',
    ),
  ]
}

function standing(plugin: Plugin | undefined): Outcome {
  if (plugin === undefined)
    return ok(
      'The plugin is not installed in the helpdesk: its menus do not lead to Call Manager (docs/bridge.md).',
    )
  const { version, state } = plugin
  if (!isOurs(plugin) && state === ACTIVE)
    return warning(
      `The PHP plugin that Call Manager replaces (${version}) is still active: wherever its address does not lead to Call Manager yet, it answers, beyond what the helpdesk would show.`,
      `${PUT_IN_PLACE} Until then: Disable.`,
    )
  if (!isOurs(plugin)) return ok(`The PHP plugin that Call Manager replaces (${version}) is not active.`)
  if (state === TO_BE_CLEANED)
    return warning('The folder of the plugin is not in the helpdesk any more.', PUT_IN_PLACE)
  if (state === NOT_UPDATED && version === VERSION)
    return warning(
      'The folder of the plugin was replaced, and the helpdesk waits to be told.',
      'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Update, then Enable.',
    )
  if (version !== VERSION || state === NOT_UPDATED)
    return warning(
      `The plugin in the helpdesk is of release ${version}, the server of ${VERSION}.`,
      `Update the older one. ${PUT_IN_PLACE}`,
    )
  if (state === ACTIVE)
    return ok(`The plugin in the helpdesk is active and of the same release (${version}).`)
  if (state === TO_BE_CONFIGURED)
    return warning(
      'The plugin is in the helpdesk, but found no tables of Call Manager when that was last looked at.',
      'Start Call Manager, then in ITSM-NG: Setup > Plugins, Call Manager Plugin: Enable.',
    )
  return warning(
    'The plugin is in the helpdesk, but not active: menus and tabs do not show it.',
    'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Install, then Enable.',
  )
}
