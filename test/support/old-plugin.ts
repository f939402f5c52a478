import type { Connection } from 'mysql2/promise'
import { hostTime } from '../../server/domain/times.ts'

/** The statements of the PHP plugin that Call Manager replaces, over the host's own connection. */
export type OldPlugin = Awaited<ReturnType<typeof createOldPlugin>>

/** The host speaks three bytes a letter, and refuses nothing. */
export async function createOldPlugin(host: Connection) {
  await host.query("set names utf8 collate utf8_unicode_ci, sql_mode = '', time_zone = '+00:00'")
  return {
    /** As its form does: one row a person, an empty text where a RIO is taken away, and no line of history. */
    async writes(usersId: number, rio: string, at = hostTime(new Date())): Promise<void> {
      const [rows] = await host.query('select id from glpi_plugin_callmanager_users where users_id = ?', [
        usersId,
      ])
      if (Array.isArray(rows) && rows.length > 0) {
        await host.query(
          'update glpi_plugin_callmanager_users set rio_number = ?, date_mod = ? where users_id = ?',
          [rio, at, usersId],
        )
        return
      }
      await host.query(
        'insert into glpi_plugin_callmanager_users (users_id, rio_number, date_creation, date_mod) values (?, ?, ?, ?)',
        [usersId, rio, at, at],
      )
    },
    /** Whom it finds by a RIO. */
    async finds(rio: string): Promise<unknown> {
      const [rows] = await host.query(
        'select user.id from glpi_users as user join glpi_plugin_callmanager_users as kept on kept.users_id = user.id where kept.rio_number = ?',
        [rio],
      )
      return rows
    },
  }
}
