// Writes .env.example and the settings table of README.md from server/config-schema.ts. `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ConfigSchema } from '../server/config-schema.ts'

export const ENV_FILE = fileURLToPath(new URL('../.env.example', import.meta.url))
export const README_FILE = fileURLToPath(new URL('../README.md', import.meta.url))

const BEGIN = '<!-- settings -->'
const END = '<!-- /settings -->'
const WIDTH = 100

const settings = Object.entries(ConfigSchema.properties).map(([name, setting]) => ({
  ...setting,
  name,
  preset: String(('default' in setting && setting.default) ?? ''),
}))

function wrap(text: string): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + word.length >= WIDTH) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}

/** `.env.example`: each setting with its description, commented out; what follows the name is an example. */
export function renderEnvExample(): string {
  const blocks = settings.map(({ name, description, preset, example, secret }) => {
    const notes = [
      description,
      preset === '' ? 'Default: empty.' : `Default: ${preset}.`,
      ...(secret ? [`May also be given as ${name}_FILE, a file that holds it.`] : []),
    ]
    return [...wrap(notes.join(' ')).map((line) => `# ${line}`), `#${name}=${example}`].join('\n')
  })
  const head =
    '# Settings of Call Manager, all optional. Made from server/config-schema.ts by `npm run docs`.'
  return `${[head, ...blocks].join('\n\n')}\n`
}

/** README.md with its table of settings brought up to date. */
export function renderReadme(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`README.md lacks the lines ${BEGIN} and ${END}.`)
  const code = (text: string) => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``)
  const rows = settings.map(({ name, description, preset, secret }) => {
    const file = secret ? ` Also as \`${name}_FILE\`, a file that holds it.` : ''
    return `| \`${name}\` | ${code(preset)} | ${description.replaceAll('|', '\\|')}${file} |`
  })
  const table = ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n')
  return `${readme.slice(0, begin)}${BEGIN}\n\n${table}\n\n${readme.slice(end)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(ENV_FILE, renderEnvExample())
  writeFileSync(README_FILE, renderReadme(readFileSync(README_FILE, 'utf8')))
}
