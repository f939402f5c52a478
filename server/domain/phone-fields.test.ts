import { expect, test } from 'vitest'
import { splitPhoneField } from './phone-fields.ts'

/** Pieces with the white space around them and the empty ones left out: neither means anything. */
const pieces = (raw: string) =>
  splitPhoneField(raw)
    .map((piece) => piece.replace(/\s+/g, ' ').trim())
    .filter(Boolean)

test.each<[string, string, string[]]>([
  ['one number', '01 99 00 12 34', ['01 99 00 12 34']],
  ['semicolons', '0199001234;0199005678', ['0199001234', '0199005678']],
  ['commas', '0199001234, 0199005678', ['0199001234', '0199005678']],
  ['bars', '0199001234|0199005678', ['0199001234', '0199005678']],
  ['lines', '0199001234\r\n0199005678', ['0199001234', '0199005678']],
  ['"ou"', '0199001234 ou 0199005678', ['0199001234', '0199005678']],
  ['"or"', '0199001234 OR 0199005678', ['0199001234', '0199005678']],
  ['"et"', '0199001234 et 0199005678', ['0199001234', '0199005678']],
  ['"&"', '0199001234 & 0199005678', ['0199001234', '0199005678']],
  ['words that only begin alike', 'outil 0199001234 etage', ['outil 0199001234 etage']],
  ['"ou" at the end of a word', 'chou 0199001234', ['chou 0199001234']],
  ['full-width characters', '＋３３１９９００１２３４', ['+33199001234']],
  ['direction marks', '\u202a0199001234\u202c', ['0199001234']],
  ['direction marks within a number', '01\u200e99\u200f001234', ['0199001234']],
  ['a percent-encoded plus', '%2B33199001234', ['+33199001234']],
  ['a percent-encoded plus in lower case', '%2b33199001234', ['+33199001234']],
  ['a display name with digits', '"Room 12" <sip:+33199001234>', ['<sip:+33199001234>']],
  ['a display name right before the address', '"12"<sip:0199001234>', ['<sip:0199001234>']],
  ['an empty display name', '"" <sip:0199001234>', ['<sip:0199001234>']],
  ['quotes that name nobody', '"0199001234"', ['"0199001234"']],
  ['a host that is an address', 'sip:0199001234@192.0.2.1', ['sip:0199001234']],
  ['a host with a port and a parameter', 'sip:0199001234@192.0.2.1:5060;user=phone', ['sip:0199001234']],
  ['a host before another number', 'sip:0199001234@192.0.2.1,0199005678', ['sip:0199001234', '0199005678']],
  ['a host in brackets', '<sip:0199001234@192.0.2.1>', ['<sip:0199001234 >']],
  ['a parameter with digits', 'tel:0199001234;phone-context=+33', ['tel:0199001234']],
  ['a parameter before another number', 'tel:0199001234;cic=16;0199005678', ['tel:0199001234', '0199005678']],
  ['a parameter in capitals', 'tel:0199001234;CPC=12', ['tel:0199001234']],
  ['an extension as a parameter', 'tel:0199001234;ext=12', ['tel:0199001234', 'ext=12']],
  ['an extension in brackets', '01 99 00 12 34 (4521)', ['01 99 00 12 34 ext 4521']],
  ['an extension in brackets without a space', '0199001234(4521)', ['0199001234 ext 4521']],
  [
    'an extension in brackets before another number',
    '0199001234 (4521) ; 0199005678',
    ['0199001234 ext 4521', '0199005678'],
  ],
  ['a trunk 0 in brackets', '+33 (0)1 99 00 12 34', ['+33 (0)1 99 00 12 34']],
  ['an area in brackets', '(0199) 001234', ['(0199) 001234']],
  ['a word in brackets', '0199001234 (bureau)', ['0199001234 (bureau)']],
  ['seven digits in brackets', '0199001234 (1234567)', ['0199001234 (1234567)']],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what an exchange sends unfilled
  ['a placeholder of Asterisk', '${CALLERID(num):1}', []],
  ['a placeholder of 3CX', '[Number1]', []],
  ['a placeholder in braces', '{number1}0199001234', ['0199001234']],
  ['a placeholder with a dollar', '$var1', []],
  ['a placeholder in percents', '%PFANI1%', []],
  ['brackets around digits', '[0199001234]', ['[0199001234]']],
  ['nothing', '', []],
])('%s', (_, raw, expected) => {
  expect(pieces(raw)).toEqual(expected)
})

test('what is taken off leaves a gap, so that no two numbers grow together', () => {
  expect(splitPhoneField('0199%X1%001234')).toEqual(['0199 001234'])
  expect(splitPhoneField('01@host 99')).toEqual(['01  99'])
})
