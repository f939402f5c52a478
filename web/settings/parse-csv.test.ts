import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCsv } from './parse-csv.ts'

test('whatever the server writes is read as it was', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', ',', '\n', '\r\n', ' a ', ''))
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 5 })
  fc.assert(
    fc.property(rows, (rows) => {
      expect(parseCsv(stringify(rows), 99)).toEqual(rows)
    }),
  )
})

test('no more rows than asked for, and none that is cut off', () => {
  expect(parseCsv('1,a\n2,b\n3,c\n', 2)).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ])
  expect(parseCsv('1,a\n2,"b', 9)).toEqual([['1', 'a']])
  expect(parseCsv('1,a\n2,b', 9)).toEqual([['1', 'a']])
})
