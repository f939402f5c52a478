import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { startApp } from './support/app.ts'
import { blocksIn } from './support/manual.ts'
import { readSource } from './support/repository.ts'

/** The worked examples of docs/api.md, run as they are written: one shell for all, one after another. */
const MANUAL = readSource('docs/api.md')

interface Example {
  title: string
  commands: string
  /** What the last command prints, as JSON; `…` stands for anything, at the end of a list for any more. */
  answer: unknown
}

function examplesIn(markdown: string): Example[] {
  return markdown
    .split(/^## (?=\d+\. )/m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n', 1)[0] ?? '',
      // curl ends no line by itself.
      commands: blocksIn(section, 'sh').join('\necho\n'),
      answer: JSON.parse(blocksIn(section, 'json').at(-1) ?? '"…"'),
    }))
}

/** Takes the answer's own value wherever the manual says that anything may stand there. */
function filledIn(expected: unknown, actual: unknown): unknown {
  if (expected === '…') return actual
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const open = expected.at(-1) === '…'
    const named = open ? expected.slice(0, -1) : expected
    return [...named.map((one, at) => filledIn(one, actual[at])), ...(open ? actual.slice(named.length) : [])]
  }
  if (typeof expected !== 'object' || expected === null) return expected
  const values = new Map(Object.entries(actual ?? {}))
  const named = Object.entries(expected).filter(([name]) => name !== '…')
  const rest = '…' in expected ? [...values].filter(([name]) => !(name in expected)) : []
  return Object.fromEntries([...named.map(([name, one]) => [name, filledIn(one, values.get(name))]), ...rest])
}

const END = '--- end of example ---'

const examples = examplesIn(MANUAL)
const it = await startApp()
const address = await it.listen()
const script = [
  'set -e',
  `BASE=${address}/plugins/callmanager/api/v1`,
  ...examples.flatMap(({ commands }) => [commands, `printf '\\n%s\\n' '${END}'`]),
].join('\n')
const { stdout } = await promisify(execFile)('bash', ['-c', script])
const printed = stdout.split(`\n${END}\n`)

describe('docs/api.md', () => {
  test('has ten worked examples or more', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10)
  })

  test.each(examples.map((example, index) => ({ ...example, printed: printed[index] ?? '' })))(
    '$title',
    ({ answer, printed }) => {
      if (answer === '…') return expect(printed.trim()).not.toContain('"type":"/problems/')
      const body: unknown = JSON.parse(printed.trim().split('\n').at(-1) ?? '')
      expect(body).toEqual(filledIn(answer, body))
    },
  )
})
