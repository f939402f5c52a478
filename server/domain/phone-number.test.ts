import { expect, test } from 'vitest'
import { possibleE164, readNumber } from './phone-number.ts'

const phone = (key: string) => ({ kind: 'phone', key })
const extension = (key: string) => ({ kind: 'extension', key })

test.each<[string, string, string, object | null]>([
  ['eight digits, the longest extension', '12345678', 'FR', extension('12345678')],
  ['one digit', '7', 'FR', extension('7')],
  ['a zero and an extension, which keeps it', '0042', 'FR', extension('0042')],
  ['zeros, which are no number', '000000', 'FR', null],
  ['one zero', '0', 'FR', null],
  ['a + and the longest number there is', '+999123456789012', 'FR', phone('+999123456789012')],
  ['a + and one digit too many', '+9991234567890123', 'FR', null],
  ['a + and a zero', '+0123456789012', 'FR', null],
  ['a number of five digits that Germany has', '12345', 'DE', phone('+4912345')],
  ['a New Caledonian number of six digits, which is a phone', '261234', 'NC', phone('+687261234')],
  ['the 0 that Italy keeps', '06 698 1234', 'IT', phone('+39066981234')],
  ['a trunk 0 after the country', '+33 (0)1 99 00 12 34', 'FR', phone('+33199001234')],
  ['a trunk 0 after a country in brackets', '+(49) (0) 30 901820', 'DE', phone('+4930901820')],
  ['twelve digits that no plan of France knows', '123456789012', 'FR', phone('+33123456789012')],
  ['a national number without its country', '0123456789', 'XX', extension('0123456789')],
  ['the longest without its country', '012345678901234', 'XX', extension('012345678901234')],
  ['too many without their country', '0123456789012345', 'XX', null],
  ['an international number without its + and country', '33199001234', 'XX', phone('+33199001234')],
])('%s', (_, written, country, expected) => {
  expect(readNumber(written, country)).toEqual(expected)
})

test.each([
  ['0199001234', 'FR', '+33199001234'],
  ['00 33 199001234', 'DE', '+33199001234'],
  ['4521', 'FR', null],
  ['', 'FR', null],
])('%j in %s is the number %j', (written, country, expected) => {
  expect(possibleE164(written, country)).toBe(expected)
})
