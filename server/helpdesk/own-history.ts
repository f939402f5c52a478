import type { Kysely } from 'kysely'
import { displayName } from '../domain/accounts.ts'
import { cut } from '../domain/cut.ts'
import { hostTime } from '../domain/times.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import type { Agent, Helpdesk } from './helpdesk.ts'

/** The host's "free message": its pages show the new value as it is, whereas a field's line needs a search option of its own. */
const MESSAGE = 12
/** The host keeps this much of a value in its history, and this much of a name. */
const MESSAGE_LENGTH = 180
const NAME_LENGTH = 255
/** So that both values of a change are seen. */
const VALUE_LENGTH = 80

interface OwnChange {
  itemtype: 'User' | 'Profile' | 'PluginCallmanagerConfig'
  itemsId: number
  /** As {@link authorOf} gives it. */
  author: string
  /** What was changed, in a word. */
  what: string
  from: string
  to: string
}

/** Who does this, as the host writes it into its history: under impersonation both people. */
export async function authorOf(db: Kysely<Tables>, agent: Agent): Promise<string> {
  if (agent.impersonatorId === null) return agent.name
  const behind = await db
    .selectFrom('glpi_users')
    .select(['name', 'realname', 'firstname'])
    .where('id', '=', agent.impersonatorId)
    .executeTakeFirst()
  const name = behind === undefined ? '' : displayName(behind)
  return `${agent.name} impersonated by ${name} (${agent.impersonatorId})`
}

/** The history lines of what is ours on any host (RIOs of our table, settings, our two rights), which no host writes for us. */
export function createOwnHistory(storage: Storage, encodeText: Helpdesk['encodeText']) {
  return (tx: Kysely<Tables>, changes: readonly OwnChange[]): Promise<void> =>
    storage.insertMany(
      tx,
      'glpi_logs',
      changes.map(({ itemtype, itemsId, author, what, from, to }) => ({
        itemtype,
        items_id: itemsId,
        linked_action: MESSAGE,
        user_name: cut(author, NAME_LENGTH),
        date_mod: hostTime(new Date()),
        old_value: '',
        new_value: cut(encodeText(threeBytes(`${what}: ${quoted(from)} → ${quoted(to)}`)), MESSAGE_LENGTH),
      })),
    )
}

function quoted(value: string): string {
  if (value === '') return '–'
  const shown = cut(value, VALUE_LENGTH)
  return shown === value ? value : `${shown}…`
}

/** The host's own tables may hold no more than three bytes a character. */
function threeBytes(text: string): string {
  return text.replace(/[\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
