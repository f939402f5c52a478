import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inject } from 'vitest'
import { COMPILED } from './compiled.ts'

/** What `callmanager` is: the program as it is shipped, of the present sources. */
export const CLI = join(inject('program'), 'cli.js')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `callmanager` as a process of its own, with these settings and no other. */
export function startCommand(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  cwd?: string,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [CLI, ...args], { cwd, env: { ...COMPILED, ...settings } })
}

/** All that a process has written, once it has ended. */
export async function ending(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, stdout, stderr }
}

/** Runs `callmanager` to its end, without input. */
export function callmanager(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<Ended> {
  const child = startCommand(args, settings, cwd)
  child.stdin.end()
  return ending(child)
}
