import { describe, expect, test } from 'vitest'
import { guessKind, readAsked } from './asked.ts'

describe('what the desk was opened on', () => {
  test.each([
    [
      { rio: '1234567', phone: '' },
      { by: 'rio', text: '1234567' },
    ],
    [
      { rio: ' 12 34-567 ', phone: '' },
      { by: 'rio', text: '12 34-567' },
    ],
    [
      { rio: '7', phone: '0612345678' },
      { by: 'rio', text: '7' },
    ],
    [
      { rio: '', phone: ' 33612345678' },
      { by: 'phone', text: '+33612345678' },
    ],
    [
      { rio: '', phone: 'sip:0612345678@pbx.example.org' },
      { by: 'phone', text: '0612345678' },
    ],
    [
      { rio: '', phone: 'sips:+33612345678@10.0.0.1;user=phone' },
      { by: 'phone', text: '+33612345678' },
    ],
    [
      { rio: '', phone: 'tel:+33612345678;ext=12' },
      { by: 'phone', text: '+33612345678' },
    ],
  ])('is read from %j', (address, expected) => {
    expect(readAsked(address)).toEqual({ ...expected, unfilled: false })
  })

  test.each(['', '   '])('is nothing for "%s"', (text) => {
    expect(readAsked({ rio: text, phone: text })).toBeNull()
  })

  // biome-ignore lint/suspicious/noTemplateCurlyInString: as telephone systems write them.
  test.each(['[Number]', '${CALLERID(num)}', '$remote', '{calleridnumber}', '%CALLERID%'])(
    'is the unfilled variable %s',
    (text) => {
      expect(readAsked({ rio: '', phone: text })?.unfilled).toBe(true)
      expect(readAsked({ rio: text, phone: '' })?.unfilled).toBe(true)
    },
  )
})

test.each([
  ['1234567', 'rio'],
  ['A1B2C3D4E5F6', 'rio'],
  ['06 12 34 56 78', 'phone'],
  ['+33 6 12 34 56 78', 'phone'],
  ['0033612345678', 'phone'],
  ['dupont', 'name'],
  ['léa.petit2@example.org', 'name'],
] as const)('%s is taken for a %s', (typed, kind) => {
  expect(guessKind(typed)).toBe(kind)
})
