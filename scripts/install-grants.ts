// Writes the GRANTs into docs/install.md from server/storage/host-grants.ts. `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { grantStatements, grantsOnSomeHosts } from '../server/storage/host-grants.ts'

export const INSTALL_FILE = fileURLToPath(new URL('../docs/install.md', import.meta.url))

const BEGIN = '<!-- grants -->'
const END = '<!-- /grants -->'
const ACCOUNT = { user: 'callmanager', host: '127.0.0.1' }

/** docs/install.md with its GRANTs brought up to date. */
export function renderInstall(text: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`docs/install.md lacks the lines ${BEGIN} and ${END}.`)
  const statements = [...grantStatements('itsmng', ACCOUNT), ...grantsOnSomeHosts('itsmng', ACCOUNT)].map(
    (statement) => `${statement};`,
  )
  return `${text.slice(0, begin)}${BEGIN}\n\n${['```sql', ...statements, '```'].join('\n')}\n\n${text.slice(end)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(INSTALL_FILE, renderInstall(readFileSync(INSTALL_FILE, 'utf8')))
}
