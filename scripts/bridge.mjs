// Packs the plugin that ITSM-NG loads: callmanager-<version>.tgz, with one folder, for the host's plugins/.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { mo, po } from 'gettext-parser'
import { create } from 'tar'
import { command, root } from './command.mjs'
import { filesBelow } from './fingerprint.mjs'

const FOLDER = 'callmanager'
/** One moment for every file, so that the same sources make the same archive. */
const MODIFIED = new Date('2000-01-01T00:00:00Z')

/** Writes the archive into a folder; answers where it is. */
export function packBridge(into) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const work = mkdtempSync(join(tmpdir(), 'callmanager-pack-'))
  try {
    const folder = join(work, FOLDER)
    cpSync(join(root, 'bridge', FOLDER), folder, { recursive: true })
    cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
    for (const file of filesBelow(folder, 'locales')) translate(join(folder, file))
    const archive = join(into, `${FOLDER}-${version}.tgz`)
    const files = filesBelow(work, FOLDER).sort()
    create(
      { sync: true, cwd: work, file: archive, gzip: { level: 9 }, portable: true, mtime: MODIFIED },
      files,
    )
    return archive
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** The host reads what is compiled. */
function translate(file) {
  const name = file.replace(/\.po$/, '.mo')
  writeFileSync(name, mo.compile(po.parse(readFileSync(file))))
  rmSync(file)
}

// Not where `npm pack` leaves the npm package, which has the same name.
command(import.meta.url, () => {
  const archive = relative(root, packBridge(join(root, 'bridge')))
  console.log(`Packed ${archive}. Unpack it in the plugins/ of the helpdesk; docs/bridge.md.`)
})
