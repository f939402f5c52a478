import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { phoneIdentifiers } from './phone.ts'
import { phonePrefixes } from './phone-prefix.ts'

describe('the beginning of a number', () => {
  test.each([
    ['0478', 'FR', ['+33478']],
    ['04 78 12', 'FR', ['+3347812']],
    ['04.78', 'FR', ['+33478']],
    ['+33478', 'FR', ['+33478']],
    ['+33 (0)4 78', 'FR', ['+33478']],
    ['0033478', 'FR', ['+33478']],
    ['0033478', 'BE', ['+33478']],
    ['33478', 'FR', ['+33478', '+3333478']],
    ['4781', 'FR', ['+334781', '+4781']],
    ['0692', 'FR', ['+262692']],
    ['0692', 'RE', ['+262692']],
    ['+33692', 'FR', ['+262692']],
    ['0590', 'FR', ['+590590']],
    ['0508', 'FR', ['+508']],
    ['0508 41', 'FR', ['+50841']],
    ['0475', 'BE', ['+32475']],
    ['0612 3', 'IT', ['+3906123']],
    ['+32 475', 'FR', ['+32475']],
    ['０４７８', 'FR', ['+33478']],
    ['047', 'FR', []],
    ['0033', 'FR', []],
    ['martin', 'FR', []],
    ['04 78 martin', 'FR', []],
    ['', 'FR', []],
    ['0000', 'FR', []],
  ])('%j in %s begins %j', (typed, country, prefixes) => {
    expect(phonePrefixes(typed, country)).toEqual(prefixes)
  })

  it('finds the number, however it is typed and wherever one stops', () => {
    const spellings: ((national: string) => string)[] = [
      (national) => `0${national}`,
      (national) => national,
      (national) => `0${national}`.replace(/(..)(?=.)/g, '$1 '),
      (national) => `0${national}`.replace(/(..)(?=.)/g, '$1.'),
      (national) => `+33${national}`,
      (national) => `+33 ${national}`,
      (national) => `+33(0)${national}`,
      (national) => `0033${national}`,
      (national) => `33${national}`,
    ]
    const start = fc.constantFrom(
      '1',
      '478',
      '6',
      '7',
      '262',
      '263',
      '692',
      '269',
      '639',
      '590',
      '690',
      '594',
      '596',
      '508',
    )
    fc.assert(
      fc.property(
        start,
        fc.stringMatching(/^[0-9]{8}$/),
        fc.constantFrom(...spellings),
        (begun, rest, spell) => {
          const written = spell(`${begun}${rest}`.slice(0, 9))
          const [whole] = phoneIdentifiers(written, 'FR')
          const shortest = written.startsWith('00') ? 5 : 4
          for (let end = 1; end <= written.length; end++) {
            const typed = written.slice(0, end)
            // A bracket that is still open hides what follows it for a moment.
            if (typed.replace(/\D/g, '').length < shortest || /\(0?$/.test(typed)) continue
            const prefixes = phonePrefixes(typed, 'FR')
            expect({ typed, found: prefixes.some((prefix) => whole?.key.startsWith(prefix)) }).toEqual({
              typed,
              found: true,
            })
          }
        },
      ),
    )
  })
})
