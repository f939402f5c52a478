import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { closeAfterFile } from '../support/after-file.ts'
import { findProgram } from '../support/find-program.ts'

export const BRIDGE = fileURLToPath(new URL('../../bridge/callmanager/', import.meta.url))
const HOST = fileURLToPath(new URL('./host.php', import.meta.url))

type Row = Record<string, string | number>
type Tables = Record<string, Row[]>

/** One request to the host; see host.php. */
export interface Request {
  /** A page of the bridge, below its folder; without one, only what `run` names is called. */
  page?: string
  run?: unknown[][]
  rights?: Record<string, number>
  tables?: Tables
  session?: Record<string, unknown>
  /** Names of rights that the host has in its cache. */
  possible?: string[]
  /** French, for instance. */
  words?: Record<string, string>
  query?: string
  post?: Record<string, string>
  root?: string
  active?: boolean
  version?: string
}

export interface Answer {
  output: string
  results: unknown[]
  /** What the bridge asked of the host that changes or shows something. */
  calls: unknown[][]
  hooks: Record<string, Record<string, unknown>>
  tables: Tables
  session: { glpiactiveprofile: Row; glpimenu?: string }
}

/** The PHP that is installed; empty where there is none. */
export const php = findProgram('php') ?? ''

/** Puts the bridge where a host has its plugins, and answers requests as PHP runs them there. */
export function installBridge(): (request: Request) => Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-bridge-'))
  closeAfterFile(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'inc'))
  writeFileSync(join(folder, 'inc/includes.php'), `<?php\nrequire_once '${HOST.replaceAll("'", "\\'")}';\n`)
  const plugin = join(folder, 'plugins/callmanager')
  cpSync(BRIDGE, plugin, { recursive: true })

  return async ({ page, version = '9.5.13', ...request }) => {
    const script = page === undefined ? join(folder, 'inc/includes.php') : join(plugin, page)
    const child = spawn(php, ['-d', 'error_reporting=-1', script, folder, version], {
      cwd: join(script, '..'),
    })
    child.stdin.end(JSON.stringify({ ...request, page }))
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    if (!stdout.startsWith('{')) throw new Error(`PHP said:\n${stdout}${stderr}`)
    return JSON.parse(stdout)
  }
}
