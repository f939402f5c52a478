import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KEYS_VERSION } from '../../server/domain/user-identifiers.ts'
import { createLog } from '../../server/log.ts'
import { openServices, type Services } from '../../server/services.ts'
import { EMBEDDED } from '../../test/support/embedded.ts'
import { populate } from './population.ts'

const FOLDER = join(tmpdir(), 'callmanager-bench')

export async function openBench(databaseUrl: string): Promise<Services> {
  return openServices(
    { ...EMBEDDED, DATABASE_URL: databaseUrl, SESSION_IDLE_MINUTES: 600 },
    createLog('warn'),
  )
}

/** The folder of a SQLite store with so many people; made once for each version of the keys, and kept between runs. */
export async function sqliteFolder(people: number): Promise<string> {
  const folder = join(FOLDER, `sqlite-${people}-keys-${KEYS_VERSION}`)
  const done = join(folder, 'populated')
  if (existsSync(done)) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  console.log(`Making ${people} people on SQLite …`)
  const services = await openBench(`file:${join(folder, 'callmanager.db')}`)
  await populate(services, people)
  await services.close()
  writeFileSync(done, '')
  return folder
}

/** A folder for a store that each run makes anew. */
export function emptyFolder(name: string): string {
  const folder = join(FOLDER, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

export function databaseIn(folder: string): string {
  return `file:${join(folder, 'callmanager.db')}`
}
