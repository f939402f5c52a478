import { type Kysely, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Tables } from '../../storage/tables.ts'
import type { HostText } from './host-text.ts'

/** What kind of helpdesk a database belongs to. */
export interface Host {
  product: 'ITSM-NG' | 'GLPI'
  /** As its pages show it, such as `1.4.0`. */
  version: string
  text: HostText
  /** Whether it tells us whose logins are an OpenID provider's. */
  knowsOpenId: boolean
}

/** The oldest GLPI whose tables and REST API are those that we read; every ITSM-NG is one (host-contract §1). */
const OLDEST = [9, 5]

/**
 * Reads what kind of host this is from its own words. `version` is the GLPI number on every ITSM-NG too; its own stands in
 * `itsmversion`, which 1.0.0 does not have yet: that one passes for the GLPI 9.5 that it is. Throws `host-unsupported`.
 */
export async function readHost(db: Kysely<Tables>): Promise<Host> {
  const rows = await db
    .selectFrom('glpi_configs')
    .select(['name', 'value'])
    .where('context', '=', 'core')
    .where('name', 'in', ['version', 'itsmversion'])
    .execute()
  const named = (name: string): string => rows.find((row) => row.name === name)?.value ?? ''
  const base = named('version')
  if (base === '') throw new AppError('host-unsupported', { detail: 'glpi_configs names no version' })
  const [major = 0, minor = 0] = base.split('.').map((part) => Number.parseInt(part, 10))
  const [oldest = 0, oldestMinor = 0] = OLDEST
  if (!(major > oldest || (major === oldest && minor >= oldestMinor))) {
    throw new AppError('host-unsupported', { detail: `it is GLPI ${base}` })
  }
  const own = named('itsmversion')
  return {
    product: own === '' ? 'GLPI' : 'ITSM-NG',
    version: own === '' ? base : own,
    text: textOf(major),
    knowsOpenId: await seesOpenId(db),
  }
}

/** ITSM-NG has the table from 1.1 on; without a privilege on it, it is as if it were not there. */
async function seesOpenId(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`select 1 from information_schema.columns where table_schema = database()
    and table_name = 'glpi_oidc_users' and column_name = 'user_id'`.execute(db)
  return rows.length > 0
}

function textOf(major: number): HostText {
  if (major < 10) return 'named'
  return major === 10 ? 'numeric' : 'raw'
}
