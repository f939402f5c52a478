import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Runs the body if this module is the command itself, not a part of another. What it throws is told in its own words. */
export function command(moduleUrl, body) {
  if (realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return
  try {
    body()
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}
