import { expect, test } from 'vitest'
import { words } from '../locales/en.ts'
import { toCsv } from './csv.ts'

const counts = { found: 1200, several: 2, none: 3, total: 1205 }

test.each([
  ['en', ','],
  ['fr', ';'],
])('numbers for a spreadsheet in %s are parted by "%s", and no name is a formula', (language, separator) => {
  const names = ['O"Brien, <b> 👩‍💻', '=1+1', '@sum', '-2', ' =1', '＝1']
  const bars = names.map((label) => ({ key: label, label, short: label, counts }))
  const [header, ...rows] = toCsv(bars, 'Agent', words, language).split('\r\n')
  expect(header).toBe(
    `\uFEFF${['"Agent"', '"One person found"', '"Several people found"', '"Nobody found"', '"Total"'].join(separator)}`,
  )
  const numbers = ['1200', '2', '3', '1205']
  const named = (name: string) => [name, ...numbers].join(separator)
  expect(rows).toEqual([
    named('"O""Brien, <b> 👩‍💻"'),
    named(`"'=1+1"`),
    named(`"'@sum"`),
    named(`"'-2"`),
    named(`"' =1"`),
    named(`"'＝1"`),
    '',
  ])
})
