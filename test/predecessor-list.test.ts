import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, readSource } from './support/repository.ts'

const text = readSource('docs/predecessor.md')
const lines = new Map(
  [...text.matchAll(/^\| ([SC]\d+) \| (.+) \| (.+) \|$/gm)].map(([, id = '', , ours = '']) => [id, ours]),
)
const count = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`)
const named = [...text.matchAll(/`([\w./-]+\.test\.ts)` "([^"]+)"/g)]

describe('the list of what the PHP plugin did wrong', () => {
  test('has a line for each fault', () => {
    expect([...lines.keys()]).toEqual([...count('S', 0, 20), ...count('C', 1, 35)])
  })

  test('says for each which test shows that ours is free of it, or why it cannot be', () => {
    const silent = [...lines].filter(([, ours]) => !/test\.ts`|^the same$/.test(ours))
    expect(silent).toEqual([])
    expect(named.length).toBeGreaterThan(45)
  })

  test.each(named.map(([, file = '', title = '']) => [file, title]))(
    'names a test that is run: %s %s',
    (file, title) => {
      expect(existsSync(join(ROOT, file))).toBe(true)
      expect(isRun(readSource(file), title)).toBe(true)
    },
  )

  test.each([
    ['test("that it is", () => {})', true],
    ['it.each([\n  ["a", 1],\n])(\n  "that it is",\n  () => {})', true],
    ['// "that it is"', false],
    ['test.skip("that it is", () => {})', false],
    ['test.todo("that it is")', false],
    ['describe.skip("all", () => { test("that it is", () => {}) })', false],
    ['const title = "that it is"', false],
    ['test("that it is not", () => {})', false],
  ])('would notice: %j', (source, run) => {
    expect(isRun(source, 'that it is')).toBe(run)
  })
})

/** Whether a file has a test of this very title, none in it being left out for good. */
function isRun(source: string, title: string): boolean {
  const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const called = new RegExp(`(?:\\b(?:test|it)|\\))\\(\\s*(['"\`])${quoted}\\1`)
  return called.test(source) && !/\b(?:test|it|describe)\.(?:skip|todo)\b/.test(source)
}
