import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The top folder of the repository. */
export const ROOT = join(import.meta.dirname, '../..')

/** The text of one of its files, by the path from there. */
export const readSource = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
