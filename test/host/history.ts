import { type HostDatabase, hostTime, textOf } from './database.ts'
import type { Session } from './session.ts'
import { friendlyName } from './text.ts'

/** The host's `linked_action` (host-contract §1.5). */
export const ACTIONS = {
  changed: 0,
  relationAdded: 15,
  partAdded: 17,
  partChanged: 18,
  partRemoved: 19,
  created: 20,
} as const

const VALUE_LENGTH = 180

interface Line {
  itemtype: 'User' | 'Ticket'
  id: number
  action: (typeof ACTIONS)[keyof typeof ACTIONS]
  link?: string
  option?: number
  from?: string
  to?: string
}

async function nameOf(db: HostDatabase, id: number): Promise<string> {
  const row = await db.row('select name, realname, firstname from glpi_users where id = ?', [id])
  const user = {
    name: textOf(row?.name),
    realname: textOf(row?.realname),
    firstname: textOf(row?.firstname),
  }
  return `${friendlyName(user)} (${id})`
}

const cut = (value = ''): string => [...value].slice(0, VALUE_LENGTH).join('')

/** Writes lines of history as a session's user: each a statement of its own, all with the time the request began. */
export function historyOf(db: HostDatabase, session: Session, at: Date) {
  return async ({ itemtype, id, action, link = '', option = 0, from, to }: Line): Promise<void> => {
    const actor = await nameOf(db, session.userId)
    const { impersonatorId } = session
    const name =
      impersonatorId === null ? actor : `${actor} impersonated by ${await nameOf(db, impersonatorId)}`
    await db.insert('glpi_logs', {
      itemtype,
      items_id: id,
      itemtype_link: link,
      linked_action: action,
      user_name: name,
      date_mod: hostTime(at),
      id_search_option: option,
      old_value: cut(from),
      new_value: cut(to),
    })
  }
}

export type History = ReturnType<typeof historyOf>
