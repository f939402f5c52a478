import { readFileSync } from 'node:fs'

// From the sources this file is one folder below package.json, from dist/ two.
const manifest = new URL(
  import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json',
  import.meta.url,
)

/** The version of this release. */
export const VERSION = String(JSON.parse(readFileSync(manifest, 'utf8')).version)
