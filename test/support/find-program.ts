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

export const findMariaDb = (): string | undefined => findProgram('mariadbd') ?? findProgram('mysqld')
