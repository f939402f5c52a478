import { type Config, StartError } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import { migrateOwnTables, readRelease, tableExists } from '../../storage/migrate.ts'
import { missingGrants } from '../../storage/missing-grants.ts'
import { isDatabaseDenied, isDenied, isUnknownTable } from '../../storage/refusals.ts'
import type { Storage } from '../../storage/storage.ts'
import { readHost } from './host.ts'
import { keepPredecessor } from './predecessor-copy.ts'

/** What an administrator of the database runs where our account may not. */
const PRINT = "callmanager migrate --print --account 'USER@HOST' | mariadb DATABASE"

/**
 * Brings our own tables beside a host's to this release, and nothing of the host's. What the account may not do stops it
 * with the command, or the GRANTs, that an administrator runs. Answers where the predecessor's tables were copied to first.
 */
export async function migrateBesideHost(
  storage: Storage,
  { DATA_DIR }: Pick<Config, 'DATA_DIR'>,
): Promise<{ steps: string[]; copy: string | null }> {
  if (!(await demandHost(storage))) {
    throw new StartError(
      `The account of DATABASE_URL may not use the database yet. An administrator of the database lets it: ${PRINT}`,
    )
  }
  const { missing, unknown } = await readRelease(storage, true)
  if (unknown.length > 0) {
    throw new StartError(
      `The tables of Call Manager are of a newer release (${unknown.join(', ')}). Run that release, or take it back out with its own: callmanager migrate --undo`,
    )
  }
  let copy: string | null = null
  try {
    copy = await keepPredecessor(storage, DATA_DIR)
    if (missing.length > 0) await migrateOwnTables(storage)
  } catch (error) {
    if (!isDenied(error)) throw error
    if (missing.length > 0) {
      throw new StartError(
        `The tables of Call Manager are to be brought to this release (${missing.length} steps), which the account of DATABASE_URL may not do. An administrator of the database does it: ${PRINT}`,
        { cause: error },
      )
    }
  }
  const grants = await missingGrants(storage)
  if (grants.length > 0) {
    throw new StartError(
      `The account of DATABASE_URL lacks privileges. An administrator of the database grants them:\n\n${grants.map((grant) => `${grant};`).join('\n')}\n`,
    )
  }
  return { steps: missing, copy }
}

/**
 * Throws where the database is no host's that we know, as far as the account may see that. Answers whether it may use the
 * database at all.
 */
export async function demandHost(storage: Storage): Promise<boolean> {
  try {
    await storage.db.selectFrom('glpi_users').select('id').limit(1).execute()
    await readHost(storage.db)
  } catch (error) {
    if (isUnknownTable(error)) {
      const name = (await tableExists(storage, 'glpi_users')) ? 'glpi_configs' : 'glpi_users'
      throw new AppError('host-unsupported', {
        detail: `it holds no table ${name}, as before a helpdesk is installed`,
        cause: error,
      })
    }
    if (!isDenied(error)) throw error
    return !isDatabaseDenied(error)
  }
  return true
}
