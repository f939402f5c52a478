import { sql } from 'kysely'
import type { Storage } from './storage.ts'

const WIDE = /[\u{10000}-\u{10FFFF}]/u

/**
 * Of these texts those that a column of the helpdesk may hold, and so may be compared with one. Hosts before GLPI 10 have
 * three bytes a character, and MariaDB refuses to compare such a column with a text that needs four. Texts without any cost nothing.
 */
export async function holdable(
  { engine, db }: Pick<Storage, 'engine' | 'db'>,
  texts: readonly string[],
): Promise<readonly string[]> {
  if (engine === 'sqlite' || !texts.some((text) => WIDE.test(text))) return texts
  const { rows } = await sql`select 1 from information_schema.columns
    where table_schema = database() and table_name = 'glpi_users' and column_name = 'name'
      and character_set_name <> 'utf8mb4'`.execute(db)
  return rows.length === 0 ? texts : texts.filter((text) => !WIDE.test(text))
}
