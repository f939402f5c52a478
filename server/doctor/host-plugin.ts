import { sql } from 'kysely'
import { isDenied, isUnknownTable } from '../storage/refusals.ts'
import type { Storage } from '../storage/storage.ts'
import { VERSION } from '../version.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'

/** `glpi_plugins.state` of one that is active, and of one whose files are of another release than its installation. */
const ACTIVE = 1
const NOT_UPDATED = 6
/** Those before are the PHP plugin that Call Manager replaces. */
const FIRST_OF_OURS = 2

const PUT_IN_PLACE = `Put the folder callmanager of release ${VERSION} in the plugins of the helpdesk, then Setup > Plugins, Call Manager Plugin: Update. Never "Uninstall" the old one, which deletes all RIOs.`

export const HOST_PLUGIN: readonly Check<{ storage: Storage }>[] = [
  {
    name: 'plugin',
    async run({ storage: { db } }) {
      try {
        const { rows } = await sql<{ version: string; state: number }>`select version, state from glpi_plugins
          where directory = 'callmanager'`.execute(db)
        return [standing(rows[0])]
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

function standing(plugin: { version: string; state: number } | undefined): Outcome {
  if (plugin === undefined)
    return ok(
      'The plugin is not installed in the helpdesk: its menus do not lead to Call Manager (docs/bridge.md).',
    )
  const { version, state } = plugin
  const isOurs = Number.parseInt(version, 10) >= FIRST_OF_OURS
  if (!isOurs && state === ACTIVE)
    return warning(
      `The PHP plugin that Call Manager replaces (${version}) is still active: wherever its address does not lead to Call Manager yet, it answers, beyond what the helpdesk would show.`,
      `${PUT_IN_PLACE} Until then: Disable.`,
    )
  if (!isOurs) return ok(`The PHP plugin that Call Manager replaces (${version}) is not active.`)
  if (version !== VERSION || state === NOT_UPDATED)
    return warning(
      `The plugin in the helpdesk is of release ${version}, the server of ${VERSION}.`,
      `Update the older one. ${PUT_IN_PLACE}`,
    )
  if (state === ACTIVE)
    return ok(`The plugin in the helpdesk is active and of the same release (${version}).`)
  return warning(
    'The plugin is in the helpdesk, but not active: menus and tabs do not show it.',
    'In ITSM-NG: Setup > Plugins, Call Manager Plugin: Install, then Enable.',
  )
}
