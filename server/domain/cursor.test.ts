import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor, idBehind, pageById } from './cursor.ts'

const anyValue = fc.oneof(fc.constant(null), fc.maxSafeInteger(), fc.string({ unit: 'binary' }))

test('a cursor comes back as what it was made of, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { minLength: 1, maxLength: 4 }), (values) => {
      fc.pre(values.every((value) => typeof value !== 'string' || value.isWellFormed()))
      const cursor = encodeCursor(values)
      expect(cursor).toMatch(/^[\w-]+$/)
      expect(decodeCursor(cursor, values.length)).toEqual(
        values.map((value) => (Object.is(value, -0) ? 0 : value)),
      )
    }),
  )
})

test('none begins at the beginning', () => {
  expect(decodeCursor(undefined, 2)).toBeNull()
})

test.each([
  ['empty', ''],
  ['no base64url', '!!!'],
  ['no JSON', Buffer.from('nonsense').toString('base64url')],
  ['no list', Buffer.from('{"0":1}').toString('base64url')],
  ['of another list', encodeCursor([1])],
  ['with more than this list has', encodeCursor([1, 2, 3])],
  ['with a list in it', Buffer.from('[[1],2]').toString('base64url')],
  ['with a fraction', Buffer.from('[1.5,2]').toString('base64url')],
  ['with a yes', Buffer.from('[true,2]').toString('base64url')],
])('one that is %s is refused by name', (_, cursor) => {
  expect(() => decodeCursor(cursor, 2)).toThrow(
    expect.objectContaining({
      code: 'value-refused',
      field: 'cursor',
      detail: expect.stringContaining('begin again'),
    }),
  )
})

test('a list in the order of ids goes on behind the last one', () => {
  const rows = [{ id: 3 }, { id: 5 }, { id: 8 }]
  const page = pageById(rows, 2)
  expect(page.items).toEqual([{ id: 3 }, { id: 5 }])
  expect(idBehind(page.cursor ?? '')).toBe(5)
  expect(pageById(rows, 3)).toEqual({ items: rows, cursor: null })
  expect(pageById([], 3)).toEqual({ items: [], cursor: null })
  expect(idBehind(undefined)).toBeNull()
})

test.each([['five'], [null]])('an id of %j is refused', (value) => {
  expect(() => idBehind(encodeCursor([value]))).toThrow(
    expect.objectContaining({ code: 'value-refused', field: 'cursor' }),
  )
})
