import { parseArgs } from 'node:util'
import { type Config, readConfig, StartError } from '../config.ts'
import { demandHost, migrateBesideHost } from '../helpdesk/itsmng/migrate-beside.ts'
import { keepPredecessor } from '../helpdesk/itsmng/predecessor-copy.ts'
import { rightsStatements } from '../helpdesk/itsmng/rights-statements.ts'
import { migrate as migrateTables } from '../helpdesk/open.ts'
import { parseAccount, readAccount } from '../storage/database-account.ts'
import { grantStatements, grantsOnSomeHosts } from '../storage/host-grants.ts'
import { printMigrations } from '../storage/print-migrations.ts'
import { isDenied } from '../storage/refusals.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { countUndone, KEPT_TABLES, undoMigrations, undoStatements } from '../storage/undo-migrations.ts'
import { VERSION } from '../version.ts'

const USAGE = `Usage: callmanager migrate
       callmanager migrate --print [--account USER@HOST]
       callmanager migrate --undo [--yes | --print]`

/** `callmanager migrate`: the tables of this release; the SQL of it for an administrator; and back out again. */
export async function migrate(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      print: { type: 'boolean', default: false },
      account: { type: 'string' },
      undo: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  })
  const { print, account, undo, yes } = values
  const accountMisplaced = account !== undefined && (!print || undo)
  const yesMisplaced = yes && (!undo || print)
  if (accountMisplaced || yesMisplaced) throw new StartError(USAGE)
  const config = readConfig()
  const besideHost = config.HELPDESK_URL !== ''
  if ((print || undo) && !besideHost) {
    throw new StartError(
      'This is for the database of a helpdesk. Set HELPDESK_URL, and DATABASE_URL to its database.',
    )
  }
  const storage = await openStorage(config.DATABASE_URL)
  try {
    if (undo) await takeBack(storage, { print, yes })
    else if (print) await printRelease(storage, config, account)
    else if (besideHost) await bringUp(storage, config)
    else {
      await migrateTables(storage, config)
      console.log('The tables are of this release.')
    }
  } finally {
    await storage.close()
  }
}

async function bringUp(storage: Storage, config: Config): Promise<void> {
  const { steps, copy } = await migrateBesideHost(storage, config)
  tellCopy(copy)
  const done = steps.length === 0 ? '' : ` ${steps.length} steps were missing and are done.`
  console.log(`The tables of Call Manager are of this release, and its account may do all it needs.${done}`)
}

function tellCopy(folder: string | null): void {
  if (folder !== null) console.error(`The predecessor's tables were copied to ${folder} first.`)
}

/** SQL on standard output, whatever else there is to say on the other. */
async function printRelease(storage: Storage, config: Config, given: string | undefined): Promise<void> {
  const account = given === undefined ? await accountOf(config) : parseAccount(given)
  if (account.user === '' || (given !== undefined && !given.includes('@'))) throw new StartError(USAGE)
  await demandHost(storage)
  try {
    tellCopy(await keepPredecessor(storage, config.DATA_DIR))
  } catch (error) {
    if (!isDenied(error)) throw error
    console.error(
      'The account of DATABASE_URL may not read tables of a predecessor, so that none were copied. If there are any, copy them before you run this: mariadb-dump DATABASE glpi_plugin_callmanager_users glpi_plugin_callmanager_configs > predecessor.sql',
    )
  }
  const database = decodeURIComponent(new URL(config.DATABASE_URL).pathname.slice(1))
  // The host's own account may do everything already.
  const grants =
    given === undefined && config.databaseFromHost
      ? {
          title: 'no privileges, as DATABASE_URL is the account of the host: name another by --account',
          of: [],
        }
      : {
          title: 'what its account needs',
          of: [...grantStatements(database, account), ...grantsOnSomeHosts(database, account)],
        }
  console.log(`-- Call Manager ${VERSION}, for the database ${JSON.stringify(database)}. Running it again changes nothing.
-- A GRANT never makes an account, and texts are understood as they stand here.
set names utf8mb4;
set session sql_mode = concat('STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION' /*M!100000 , ',NO_AUTO_CREATE_USER' */);
${section('its tables', await printMigrations(storage))}
${section('a row of its two rights for every profile', rightsStatements())}
${section(grants.title, grants.of)}`)
}

function section(title: string, statements: readonly string[]): string {
  return [`\n-- ${title}`, ...statements.map((statement) => `${statement};`)].join('\n')
}

/** The account of DATABASE_URL as the server knows it, which may not use the database yet. */
async function accountOf({ DATABASE_URL }: Config) {
  const url = new URL(DATABASE_URL)
  url.pathname = '/'
  const server = await openStorage(url.href)
  try {
    return (await readAccount(server)).account
  } finally {
    await server.close()
  }
}

async function takeBack(storage: Storage, { print, yes }: { print: boolean; yes: boolean }): Promise<void> {
  const statements = await undoStatements(storage)
  if (print) {
    console.error('Stop every server of Call Manager before this is run.')
    for (const statement of statements) console.log(`${statement};`)
    return
  }
  if (statements.length === 0) {
    console.log('There is nothing of Call Manager to take out.')
    return
  }
  console.log(`Stays, with every row: ${KEPT_TABLES.join(', ')}, and the rows of its rights.`)
  console.log('Goes: its other tables, and the indexes it added.')
  for (const { what, rows } of await countUndone(storage)) console.log(`  ${rows} ${what}`)
  if (!yes) throw new StartError('Nothing was changed. Stop the servers, then add --yes to do it.')
  try {
    await undoMigrations(storage)
  } catch (error) {
    if (!isDenied(error)) throw error
    throw new StartError(
      'The account of DATABASE_URL may not do that. An administrator of the database does it: callmanager migrate --undo --print | mariadb DATABASE',
      { cause: error },
    )
  }
  console.log('Done. `callmanager migrate` puts it back.')
}
