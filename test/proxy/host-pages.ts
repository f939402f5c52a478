import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { po } from 'gettext-parser'
import { BRIDGE } from '../bridge/ask-bridge.ts'
import { closeAfterFile } from '../support/after-file.ts'
import { servePhp } from './proxies.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The lines of ITSM-NG whose styles there are, and a page without any. */
export type Look = '1.x' | '2.x' | 'plain'

/** Who has logged in, as the host's PHP knows them. */
interface Visitor {
  look: Look
  language: 'en' | 'fr'
  /** By the names of the host's rights; the bits are its own. */
  rights: Record<string, number>
}

/**
 * A host's pages with the bridge among them, in a folder as an administrator lays them, and served by PHP below `/itsm-ng`.
 * `admit` says who comes with a session's token.
 */
export async function startHostPages(): Promise<{
  port: number
  admit: (token: string, visitor: Visitor) => void
}> {
  const root = mkdtempSync(join(tmpdir(), 'callmanager-pages-'))
  closeAfterFile(() => rmSync(root, { recursive: true }))
  const host = join(root, 'itsm-ng')
  cpSync(at('./host-pages'), host, { recursive: true })
  cpSync(at('../bridge/stubs.php'), join(host, 'inc/stubs.php'))
  cpSync(fileURLToPath(import.meta.resolve('jquery')), join(host, 'js/jquery.js'))
  cpSync(BRIDGE, join(host, 'plugins/callmanager'), { recursive: true })
  mkdirSync(join(host, 'files/_sessions'), { recursive: true })
  writeFileSync(join(host, 'files/tables.json'), JSON.stringify({ glpi_configs: [], glpi_profilerights: [] }))
  const french = frenchWords()

  return {
    port: await servePhp('-t', root),
    admit(token, { look, language, rights }) {
      const words = language === 'fr' ? french : {}
      const session = { look, rights, words, language: language === 'fr' ? 'fr_FR' : 'en_GB' }
      writeFileSync(join(host, 'files/_sessions', `sess_${token}`), JSON.stringify(session))
    },
  }
}

/** What the host reads of the bridge's words; it compiles them otherwise. */
function frenchWords(): Record<string, string> {
  const { translations } = po.parse(readFileSync(join(BRIDGE, 'locales/fr_FR.po')))
  const entries = Object.values(translations[''] ?? {}).filter(({ msgid }) => msgid !== '')
  return Object.fromEntries(entries.map(({ msgid, msgstr }) => [msgid, msgstr[0] ?? '']))
}
