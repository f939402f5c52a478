import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program is; Debian keeps servers where an ordinary user's PATH does not look. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
  ]
  return folders.map((folder) => join(folder, name)).find(existsSync)
}

export const IN_CI = process.env.CI === 'true'

/** Whether tests of these programs are skipped. In CI they are not: they fail where one is missing. */
export const skipsWithout = (...names: string[]): boolean =>
  !IN_CI && names.some((name) => findProgram(name) === undefined)

export const findMariaDb = (): string | undefined => findProgram('mariadbd') ?? findProgram('mysqld')
