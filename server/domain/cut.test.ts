import { expect, test } from 'vitest'
import { cut } from './cut.ts'

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['a👩b', 2, 'a👩'],
  ['👩👩', 2, '👩👩'],
  ['', 2, ''],
])('%j cut to %i characters is %j', (text, length, expected) => {
  expect(cut(text, length)).toBe(expected)
})
