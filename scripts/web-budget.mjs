// What an agent's browser loads before the desk can be used, and how much of it is allowed.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Bytes of script and style together, as gzip sends them. */
const BYTES = 45_000
/** The page, its scripts, the words of a language, and two questions to the API (who I am, whom I look for). */
const REQUESTS = 6
const OTHER_REQUESTS = 3

/** What the entry of our pages loads by itself; styles are part of the scripts. @returns {string[]} */
function filesOfDesk(outDir) {
  const manifest = JSON.parse(readFileSync(join(outDir, 'app.json'), 'utf8'))
  const chosen = new Set()
  const take = (name) => {
    const { file, imports = [], css = [] } = manifest[name]
    if (chosen.has(file)) return
    for (const one of [file, ...css]) chosen.add(one)
    for (const one of imports) take(one)
  }
  take('app/main.tsx')
  return [...chosen]
}

/** Throws an Error that names the sizes when the desk has grown past its budget. */
export function demandSmallPages(outDir) {
  const size = (file) => gzipSync(readFileSync(join(outDir, file)), { level: 9 }).length
  // One language is loaded beside them: the largest counts.
  const words = readdirSync(join(outDir, 'assets')).filter((file) => /^words-\w+-.*\.js$/.test(file))
  const sizes = words.map((file) => size(`assets/${file}`))
  const files = filesOfDesk(outDir)
  const total = files.reduce((sum, file) => sum + size(file), 0) + Math.max(0, ...sizes)
  const requests = files.length + OTHER_REQUESTS
  console.log(`The desk loads ${total} of ${BYTES} bytes (gzip) in ${requests} of ${REQUESTS} requests.`)
  if (total <= BYTES && requests <= REQUESTS) return
  throw new Error(
    `The desk has outgrown its budget of ${BYTES} bytes and ${REQUESTS} requests: load what is not needed at once by import().`,
  )
}
