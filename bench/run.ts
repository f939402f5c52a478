import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { importing } from './import.ts'
import { indexBuild } from './index-build.ts'
import { lookupAttached } from './lookup-attached.ts'
import { lookupOverHttp } from './lookup-http.ts'
import { asProcess } from './process.ts'
import { rioWrites } from './rio-writes.ts'
import { scalingOnMariaDb, scalingOnSqlite } from './scaling.ts'
import { searchOnMariaDb, searchOnSqlite } from './search.ts'
import { statisticsOfAYear } from './statistics.ts'
import { type Report, toMarkdown } from './support/report.ts'

const BENCHES: Record<string, () => Promise<Report>> = {
  http: lookupOverHttp,
  attached: lookupAttached,
  index: indexBuild,
  writes: rioWrites,
  sqlite: scalingOnSqlite,
  mariadb: scalingOnMariaDb,
  statistics: statisticsOfAYear,
  search: searchOnSqlite,
  search_mariadb: searchOnMariaDb,
  process: asProcess,
  import: importing,
}
const FILE = new URL('../docs/performance.md', import.meta.url)
const HEAD = `# Performance

Made by \`npm run bench\` (all) or \`npm run bench -- http\` (some: ${Object.keys(BENCHES).join(', ')}). Ratios come from one run on one
machine; absolute figures only say what that machine was.

The PHP plugin on a real ITSM-NG 1.4.0 (PHP 8.2, MariaDB, 2 cores) took 6.4 ms for a look-up among 1,000 people, 16 ms among
100,000 and 1,507 ms among 1,000,000, and never served more than 300 a second.`

/** Sections by their bench, as the file has them; one that was not run stays as it was. */
function readSections(): Map<string, string> {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''
  const found = [...text.matchAll(/<!-- bench (\w+) -->\n([\s\S]*?)\n<!-- \/bench -->/g)]
  return new Map(found.map(([, name = '', section = '']) => [name, section]))
}

/** Written after each bench: the next may take long, and may fail. */
function writeSections(): void {
  const body = Object.keys(BENCHES).flatMap((name) => {
    const section = sections.get(name)
    return section === undefined ? [] : [`<!-- bench ${name} -->\n${section}\n<!-- /bench -->`]
  })
  writeFileSync(FILE, `${[HEAD, ...body].join('\n\n')}\n`)
}

const wanted = process.argv.slice(2)
const sections = readSections()
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const section = toMarkdown(await bench())
  console.log(`\n${section}\n`)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.versions.node}`
  sections.set(name, `${section}\n\nMeasured on ${new Date().toISOString().slice(0, 10)}, ${machine}.`)
  writeSections()
}
