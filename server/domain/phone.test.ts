import fc from 'fast-check'
import { getCountries } from 'libphonenumber-js/min'
import { describe, expect, it, test } from 'vitest'
import { phoneIdentifiers } from './phone.ts'

const FRENCH_COUNTRIES = ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF']

/** The identifiers as one line: a phone is its E.164 number, an extension has `ext` before it. */
function read(raw: string | null, country = 'FR') {
  return phoneIdentifiers(raw, country)
    .map(({ kind, key }) => (kind === 'phone' ? key : `ext ${key}`))
    .join(', ')
}

describe('a French number', () => {
  test.each([
    '01.23.45.67.89',
    '01 23 45 67 89',
    '01-23-45-67-89',
    '01/23/45/67/89',
    '01 / 23 45 67 89',
    '0123 - 456789',
    '0123456789',
    '  01 23 45 67 89  ',
    '01\u00a023\u200945\u202f67\u201089',
    '０１　２３　４５　６７　８９',
    '\u202a01 23 45 67 89\u202c',
    '+33 1 23 45 67 89',
    '+33123456789',
    '＋３３１２３４５６７８９',
    '+33 (0)1 23 45 67 89',
    '+33(0)123456789',
    '+330123456789',
    '(+33) 1 23 45 67 89',
    '0033123456789',
    '00 33 1 23 45 67 89',
    '00 33 (0)1 23 45 67 89',
    '33 1 23 45 67 89',
    '33123456789',
    ' 33123456789',
    '%2B33123456789',
    '123456789',
    "'0123456789",
    '"0123456789"',
    'tel:+33-1-23-45-67-89',
    'tel:0123456789;phone-context=+33',
    'callto:0123456789',
    'sip:0123456789@pbx.example.org',
    'sip:0123456789@10.20.30.40:5060;transport=udp',
    'sips:%2B33123456789@example.org',
    '<sip:+33123456789@host;user=phone>',
    '"Jean" <sip:+33123456789@host>',
    '"Dupont, Jean 2" <0123456789>',
    'Bureau : 01 23 45 67 89 (secrétariat)',
    'Bureau 12 : 01 23 45 67 89',
    'Int. 01 23 45 67 89',
    '01 23 45 67 89 ; 01 23 45 67 89',
  ])('is read from %j', (raw) => {
    expect(read(raw)).toBe('+33123456789')
  })

  test.each([
    ['0262 12 34 56', '+262262123456'],
    ['0263 12 34 56', '+262263123456'],
    ['0692 12 34 56', '+262692123456'],
    ['0693 12 34 56', '+262693123456'],
    ['0269 12 34 56', '+262269123456'],
    ['0639 12 34 56', '+262639123456'],
    ['0590 12 34 56', '+590590123456'],
    ['0690 12 34 56', '+590690123456'],
    ['0691 12 34 56', '+590691123456'],
    ['0594 12 34 56', '+594594123456'],
    ['0694 12 34 56', '+594694123456'],
    ['0596 12 34 56', '+596596123456'],
    ['0696 12 34 56', '+596696123456'],
    ['0697 12 34 56', '+596697123456'],
    ['0508 41 12 34', '+508411234'],
    ['+508 41 12 34', '+508411234'],
    ['+262 (0)692 12 34 56', '+262692123456'],
    ['+33 692 12 34 56', '+262692123456'],
    ['01 23 45 67 89', '+33123456789'],
    ['33 1 23 45 67 89', '+33123456789'],
    ['06 12 34 56 78', '+33612345678'],
    ['0800 123 456', '+33800123456'],
  ])('%s is the same overseas and in France', (raw, key) => {
    for (const country of FRENCH_COUNTRIES) expect(read(raw, country)).toBe(key)
  })
})

describe('a number of another country', () => {
  test.each([
    ['BE', '02/123.45.67', '+3221234567'],
    ['BE', '0475 12 34 56', '+32475123456'],
    ['CH', '044 668 18 00', '+41446681800'],
    ['CH', '+41 (0)44 668 18 00', '+41446681800'],
    ['DE', '0241/123456', '+49241123456'],
    ['DE', '0241 / 123456', '+49241123456'],
    ['DE', '(0241) 123456', '+49241123456'],
    ['DE', '+49 (0241) 123456', '+49241123456'],
    ['DE', ' 33123456789', '+33123456789'],
    ['US', '(212) 555-1234', '+12125551234'],
    ['US', '1-212-555-1234', '+12125551234'],
    ['US', '011 33 1 23 45 67 89', '+33123456789'],
    ['US', '0033 1 23 45 67 89', '+33123456789'],
    ['GB', '020 7946 0958', '+442079460958'],
    ['GB', '+44 (0)20 7946 0958', '+442079460958'],
    ['IT', '06 1234567', '+39061234567'],
    ['LU', '27 12 34 56', '+35227123456'],
    ['LU', '621 123 456', '+352621123456'],
    ['NC', '25.12.34', '+687251234'],
    ['PF', '40 41 23 45', '+68940412345'],
    ['WF', '82 12 34', '+681821234'],
    ['PM', '41 12 34', '+508411234'],
    ['FR', '+39 06 1234567', '+39061234567'],
    ['FR', '49 241 123456', '+49241123456'],
    ['fr', '0123456789', '+33123456789'],
    ['XX', '+33 1 23 45 67 89', '+33123456789'],
    ['', '0033123456789', '+33123456789'],
  ])('in %s, %j is %s', (country, raw, key) => {
    expect(read(raw, country)).toBe(key)
  })
})

describe('an extension', () => {
  test.each([
    ['4521', 'ext 4521'],
    ['12', 'ext 12'],
    ['045', 'ext 045'],
    ['0012', 'ext 0012'],
    ['3949', 'ext 3949'],
    ['Accueil 4521', 'ext 4521'],
    ['poste 4521', 'ext 4521'],
    ['Poste n° 45 21', 'ext 4521'],
    ['ext. 4521', 'ext 4521'],
    ['EXT 4521', 'ext 4521'],
    ['Extension: 4521', 'ext 4521'],
    ['int. 4521', 'ext 4521'],
    ['p. 4521', 'ext 4521'],
    ['x4521', 'ext 4521'],
    ['#4521', 'ext 4521'],
    ['sip:4521@10.0.0.1', 'ext 4521'],
    ['4521 / 4522', 'ext 4521, ext 4522'],
    ['01 23 45 67 89 poste 4521', '+33123456789, ext 4521'],
    ['01 23 45 67 89 ext. 4521', '+33123456789, ext 4521'],
    ['01 23 45 67 89 (poste 4521)', '+33123456789, ext 4521'],
    ['01 23 45 67 89 (4521)', '+33123456789, ext 4521'],
    ['01 23 45 67 89 - 4521', '+33123456789, ext 4521'],
    ['0123456789x4521', '+33123456789, ext 4521'],
    ['0123456789 #4521', '+33123456789, ext 4521'],
    ['tel:+33123456789;ext=12', '+33123456789, ext 12'],
    ['poste 4521 - 01 23 45 67 89', 'ext 4521, +33123456789'],
  ])('is read from %j', (raw, keys) => {
    expect(read(raw)).toBe(keys)
  })

  it('is told from a phone by the country, not by a number of digits', () => {
    expect(read('251234', 'FR')).toBe('ext 251234')
    expect(read('251234', 'NC')).toBe('+687251234')
    expect(read('poste 251234', 'NC')).toBe('ext 251234')
    expect(read('4521', 'DE')).toBe('ext 4521')
  })
})

describe('a field with two numbers', () => {
  test.each([
    '01 23 45 67 89 ; 06 12 34 56 78',
    '01 23 45 67 89, 06 12 34 56 78',
    '01 23 45 67 89|06 12 34 56 78',
    '01 23 45 67 89\r\n06 12 34 56 78',
    '01 23 45 67 89 / 06 12 34 56 78',
    '01/23/45/67/89 / 06/12/34/56/78',
    '0123456789/0612345678',
    '01 23 45 67 89 - 06 12 34 56 78',
    '01 23 45 67 89 ou 06 12 34 56 78',
    '01 23 45 67 89 OR 06 12 34 56 78',
    '01 23 45 67 89 et 06 12 34 56 78',
    '01 23 45 67 89 & 06 12 34 56 78',
    '+33123456789 +33612345678',
    'tél. 01 23 45 67 89 - port. 06 12 34 56 78',
    'Bureau 01 23 45 67 89, mobile 06 12 34 56 78 (Jean)',
  ])('gives both: %j', (raw) => {
    expect(read(raw)).toBe('+33123456789, +33612345678')
  })

  it('gives both where numbers are short', () => {
    expect(read('251234/761234', 'NC')).toBe('+687251234, +687761234')
  })

  it('keeps a slash inside a number of any country', () => {
    expect(read('0241123456/0171234567', 'DE')).toBe('+49241123456, +49171234567')
    expect(read('0241/123456', 'DE')).toBe('+49241123456')
  })
})

describe('what is no number', () => {
  const withheld =
    'anonymous Anonyme RESTRICTED private privé prive unavailable unknown Inconnu withheld masqué masque blocked none null'
  const placeholders = `$remote $number$ $var1 [Number] [Number1] \${CALLERID(num)} \${CALLERID(num):1} {calleridnumber} {{event.data1}} %PFANI% %PFANI1% <#N#>`

  test.each([
    ...withheld.split(' ').flatMap((word) => [word, `<${word}>`, `sip:${word}@10.0.0.1`]),
    ...placeholders.split(' '),
    '"Anonymous" <sip:anonymous@anonymous.invalid>',
    'caller_id_1',
    'jean2@example.org',
    '',
    ' ',
    '-',
    '+',
    '0',
    '000',
    '0000000000',
    '1'.repeat(40),
    '0123456789'.padEnd(256),
    null,
  ])('%j gives nothing', (raw) => {
    expect(phoneIdentifiers(raw, 'FR')).toEqual([])
  })
})

describe('a number that no plan knows', () => {
  test.each([
    ['FR', '+999 123 456 789', '+999123456789'],
    ['FR', '00 999 123 456 789', '+999123456789'],
    ['FR', '01 23 45 67 8', '+3312345678'],
    ['FR', '+33 1 23 45 67 8', '+3312345678'],
    ['FR', '01 23 45 67 89 0', '+331234567890'],
    ['FR', '+1234567890123456', ''],
    ['FR', '01234567890123456', ''],
    ['XX', '01 23 45 67 89', 'ext 0123456789'],
  ])('still has a stable key: in %s, %j is %j', (country, raw, key) => {
    expect(read(raw, country)).toBe(key)
  })
})

describe('laws', () => {
  const country = fc.constantFrom(...getCountries())
  const frenchCountry = fc.constantFrom(...FRENCH_COUNTRIES)
  const french = fc.stringMatching(/^0[1-9][0-9]{8}$/)
  const messy = fc.string({ unit: fc.constantFrom(...'0123456789+ ./-()x#;,"<>@'), maxLength: 40 })
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), messy, fc.stringMatching(/^[+0]{0,2}[0-9]{1,16}$/))

  it('takes any text and any country without throwing', () => {
    fc.assert(
      fc.property(anyText, fc.oneof(country, fc.string()), (raw, code) => {
        for (const { kind, key } of phoneIdentifiers(raw, code)) {
          expect(key).toMatch(kind === 'phone' ? /^\+[1-9][0-9]{5,14}$/ : /^[0-9]{1,15}$/)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('gives E.164 numbers back unchanged, whatever the country', () => {
    fc.assert(
      fc.property(anyText, country, country, (raw, from, to) => {
        for (const identifier of phoneIdentifiers(raw, from)) {
          if (identifier.kind === 'phone') expect(phoneIdentifiers(identifier.key, to)).toEqual([identifier])
        }
      }),
      { numRuns: 5000 },
    )
  })

  it('reads a French number alike in all its spellings', () => {
    fc.assert(
      fc.property(french, frenchCountry, (national, code) => {
        const rest = national.slice(1)
        const spellings = [
          `+33${rest}`,
          `0033${rest}`,
          `+33 (0)${rest}`,
          `0033 (0)${rest}`,
          `33${rest}`,
          rest,
        ]
        for (const spelling of spellings) expect(read(spelling, code)).toBe(read(national, code))
      }),
    )
  })

  it('ignores separators between the digits of a French number', () => {
    const gap = fc.string({
      unit: fc.constantFrom(' ', '\u00a0', '\u2009', '.', '-', '\u2011', '/'),
      maxLength: 3,
    })
    const gaps = fc.array(gap, { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(french, gaps, (national, between) => {
        const spelling = [...national].map((digit, at) => digit + between[at]).join('')
        expect(read(spelling)).toBe(read(national))
      }),
    )
  })

  it('never gives two French numbers one key', () => {
    fc.assert(
      fc.property(french, french, frenchCountry, (one, other, code) => {
        fc.pre(one !== other)
        expect(read(one, code)).not.toBe(read(other, code))
      }),
    )
  })

  test.each([
    '1/',
    '1 - ',
    '1 / ',
    '(0)',
    '"',
    '[a',
    '{',
    '$a',
    '%a',
    ';a',
    '@',
    '1(',
    '+1 ',
    '9',
    'p.',
    ' ',
  ])('stays quick on a field full of %j', (part) => {
    const started = performance.now()
    phoneIdentifiers(part.repeat(255).slice(0, 255), 'FR')
    expect(performance.now() - started).toBeLessThan(200)
  })
})
