import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demandSmallPages } from './web-budget.mjs'

const folder = mkdtempSync(join(tmpdir(), 'callmanager-budget-'))
beforeAll(() => mkdirSync(join(folder, 'assets')))
afterAll(() => rmSync(folder, { recursive: true }))

/** A build whose entry imports so many more scripts; bytes that no compression makes fewer. */
function build(bytes: number, imports = 0): void {
  const names = Array.from({ length: imports }, (_, index) => `_part-${index}.js`)
  const parts = Object.fromEntries(names.map((name) => [name, { file: `assets/${name}` }]))
  const manifest = { 'app/main.tsx': { file: 'assets/app.js', imports: names }, ...parts }
  writeFileSync(join(folder, 'app.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'assets', 'app.js'), randomBytes(bytes))
  for (const name of names) writeFileSync(join(folder, 'assets', name), '')
  for (const language of ['en', 'fr'])
    writeFileSync(join(folder, 'assets', `words-${language}-x.js`), randomBytes(5000))
}

test('a desk within its budget is built', () => {
  build(39_000, 2)
  expect(() => demandSmallPages(folder)).not.toThrow()
})

test.each([
  ['too large with the words of one language', 41_000, 0],
  ['in too many pieces', 1000, 3],
])('a desk that is %s is not', (_, bytes, imports) => {
  build(bytes, imports)
  expect(() => demandSmallPages(folder)).toThrow(/outgrown its budget of 45000 bytes and 6 requests/)
})
