import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { COMPILED } from './compiled.ts'

const CLI = fileURLToPath(new URL('../../server/cli.ts', import.meta.url))

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs `callmanager` as a process of its own, with these settings and no other, to its end. */
export function callmanager(args: readonly string[], settings: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { env: { ...COMPILED, ...settings } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        if (typeof code === 'number') resolve({ code, stdout, stderr })
        else reject(error)
      },
    )
  })
}
