import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { closeAfterFile } from '../support/after-file.ts'
import { logFile } from '../support/log-check.ts'
import { type ServerProcess, spawnServer } from './server-process.ts'

/** A folder for one store, and where its file will lie. */
export function newStore(name: string): { dataDir: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-kill-'))
  closeAfterFile(() => rmSync(folder, { recursive: true }))
  const dataDir = join(folder, name)
  return { dataDir, path: join(dataDir, 'callmanager.db') }
}

/** Spawns a server that does not outlive the test file; on the store in its folder, unless `settings` name another. */
export function spawnOn(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const spawning = spawnServer(dataDir, settings)
  spawning.catch(() => undefined)
  closeAfterFile(() => spawning.then(bury, () => undefined))
  return spawning
}

async function bury(server: ServerProcess): Promise<void> {
  await server.end('SIGKILL')
  // The log of the whole run is searched for what no log may hold.
  appendFileSync(logFile(inject('runFolder')), server.output())
}

/** The lines of a server's log that tell of an error other than an overloaded machine, and warnings outside of the log. */
export function errorsIn(server: ServerProcess): string[] {
  return server
    .output()
    .split('\n')
    .filter((line) => /"level":[56]0|Error|Warning/.test(line) && !line.includes('"code":"overloaded"'))
}
