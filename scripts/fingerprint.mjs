import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

// The platform belongs in it: a checkout shared between a container and its host must be installed again.
const machine = `${process.platform}-${process.arch}`

/**
 * One short text that changes whenever any of the given files, or files below the given folders, does.
 * @param {string} root
 * @param {string[]} paths relative to root; a missing one counts as empty
 * @param {string[]} extra texts that count too
 */
export function fingerprint(root, paths, extra = []) {
  const hash = createHash('sha256').update(machine)
  for (const text of extra) hash.update(`\0${text}`)
  for (const path of paths.flatMap((path) => filesBelow(root, path))) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  }
  return hash.digest('hex').slice(0, 32)
}

/** @returns {string[]} every file at or below path, sorted, relative to root; tests do not count */
export function filesBelow(root, path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(path, (entry.parentPath ?? entry.path).slice(full.length), entry.name))
    .sort()
}

/** Was this stamp, the last thing that a finished step writes, left by the same inputs? */
export function isStamped(file, print) {
  return existsSync(file) && readFileSync(file, 'utf8') === print
}
