import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import { logFile } from '../support/log-check.ts'
import { type ServerProcess, spawnServer } from './server-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-kill-'))
const spawned: Promise<ServerProcess>[] = []

afterAll(async () => {
  for (const spawning of await Promise.allSettled(spawned)) {
    if (spawning.status === 'rejected') continue
    await spawning.value.end('SIGKILL')
    // The log of the whole run is searched for what no log may hold.
    appendFileSync(logFile(inject('runFolder')), spawning.value.output())
  }
  rmSync(folder, { recursive: true })
})

/** A folder for one store, and where its file will lie. */
export function newStore(name: string): { dataDir: string; path: string } {
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
  spawned.push(spawning)
  return spawning
}

/** The lines of a server's log that tell of an error other than an overloaded machine, and warnings outside of the log. */
export function errorsIn(server: ServerProcess): string[] {
  return server
    .output()
    .split('\n')
    .filter((line) => /"level":[56]0|Error|Warning/.test(line) && !line.includes('"code":"overloaded"'))
}
