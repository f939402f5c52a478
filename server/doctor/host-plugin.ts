import { sql } from 'kysely'
import { RIGHT_NAMES } from '../domain/rights.ts'
import { isDenied, isUnknownTable } from '../storage/refusals.ts'
import type { Storage } from '../storage/storage.ts'
import { VERSION } from '../version.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'

/** Values of `glpi_plugins.state`: what the helpdesk last found. */
const STATE = { active: 1, tablesMissing: 3, folderMissing: 5, updateDue: 6 } as const
/** Those before are the PHP plugin that Call Manager replaces. */
const FIRST_OF_OURS = 2

const PUT_IN_PLACE = `Put the folder callmanager of release ${VERSION} in the plugins of the helpdesk, then Setup > Plugins, Call Manager Plugin: Update. Never "Uninstall" the old one, which deletes all RIOs.`

export const HOST_PLUGIN: readonly Check<{ storage: Storage }>[] = [
  {
    name: 'plugin',
    async run({ storage: { db } }) {
      let plugin: Plugin | undefined
      try {
        plugin = await readPlugin(db)
      } catch (error) {
        if (isDenied(error))
          return [
            ok(
              "This account may not see whether the plugin is in the helpdesk's menus. callmanager migrate --print prints the GRANT; it is on three columns of glpi_plugins.",
            ),
          ]
        if (isUnknownTable(error))
          return [problem('The helpdesk has no table of plugins.', 'Restore glpi_plugins.')]
        throw error
      }
      return isOurs(plugin) && plugin.state === STATE.active
        ? [standing(plugin), await registration(db)]
        : [standing(plugin)]
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

/** Whether pages of our own are in the helpdesk's menus; false also where that cannot be read, of which `plugin` tells. */
export async function isPluginActive({ db }: Storage): Promise<boolean> {
  const plugin = await readPlugin(db).catch(() => undefined)
  return isOurs(plugin) && plugin.state === STATE.active
}

/** Where a right has no row at all, the helpdesk does not offer it in the tab of a profile. */
async function registration(db: Storage['db']): Promise<Outcome> {
  const names = [RIGHT_NAMES.access, RIGHT_NAMES.config]
  const rows = await db
    .selectFrom('glpi_profilerights')
    .select('name')
    .distinct()
    .where('name', 'in', names)
    .execute()
  const missing = names.filter((name) => !rows.some((row) => row.name === name))
  if (missing.length === 0) return ok('Its rights are registered in the helpdesk.')
  return warning(
    `The rights ${missing.join(', ')} are not registered in the helpdesk, so no profile can be given them.`,
    'In ITSM-NG, on the page of Call Manager Plugin in Setup > Plugins, see that "Uninstalling the plugin removes every RIO, the settings and the journal" is not ticked. Then stop Call Manager, press Uninstall, Install and Enable, and start it again.',
  )
}

function standing(plugin: Plugin | undefined): Outcome {
  if (plugin === undefined)
    return ok(
      'The plugin is not installed in the helpdesk: its menus do not lead to Call Manager (docs/bridge.md).',
    )
  const { version, state } = plugin
  if (!isOurs(plugin) && state === STATE.active)
    return warning(
      `The PHP plugin that Call Manager replaces (${version}) is still active: wherever its address is not forwarded to Call Manager yet, it answers, and shows more than the helpdesk would.`,
      `${PUT_IN_PLACE} Until then: Disable.`,
    )
  if (!isOurs(plugin)) return ok(`The PHP plugin that Call Manager replaces (${version}) is not active.`)
  if (state === STATE.folderMissing)
    return warning("The plugin's folder is missing from the helpdesk.", PUT_IN_PLACE)
  if (state === STATE.updateDue && version === VERSION)
    return warning(
      "The plugin's folder was replaced, but the plugin has not been updated in the helpdesk yet.",
      'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Update, then Enable.',
    )
  if (version !== VERSION)
    return warning(
      `The plugin in the helpdesk is of release ${version}, the server of ${VERSION}.`,
      `Update the older one. ${PUT_IN_PLACE}`,
    )
  if (state === STATE.active)
    return ok(`The plugin in the helpdesk is active and of the same release (${version}).`)
  if (state === STATE.tablesMissing)
    return warning(
      "The plugin is installed, but Call Manager's tables were missing when the helpdesk last checked.",
      'Start Call Manager, then in ITSM-NG: Setup > Plugins, Call Manager Plugin: Enable.',
    )
  return warning(
    'The plugin is in the helpdesk, but not active: menus and tabs do not show it.',
    'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Install, then Enable.',
  )
}
