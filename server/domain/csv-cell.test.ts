import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardCell, unguardCell } from './csv-cell.ts'

describe('a cell for a spreadsheet', () => {
  test.each(['=1+1', '+33199001234', '-2', '@SUM(A1)', '\t=1', '\r=1', ' =1', "'=1", '＝1', '\ttext'])(
    'gets an apostrophe: %j',
    (text) => expect(guardCell(text)).toBe(`'${text}`),
  )
  test.each(["O'Brien", "'t Hooft", 'a=b', '01 99 00 12 34', '', "d'Artagnan", '<b>', '1-2'])(
    'stays as it is: %j',
    (text) => expect(guardCell(text)).toBe(text),
  )
  test('is read back as it was', () => {
    const hostile = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', ' ', '\t', '\n', 'a', '＝') })
    fc.assert(
      fc.property(
        fc.oneof(hostile, fc.string({ unit: 'binary' })),
        (text) => unguardCell(guardCell(text)) === text,
      ),
    )
  })
})
