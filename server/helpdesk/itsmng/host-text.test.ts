import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHostText, type HostText } from './host-text.ts'

const CASES: readonly [HostText, typed: string, stored: string][] = [
  ['named', 'Pat <b>"& O\'Brien', 'Pat &lt;b&gt;"& O\'Brien'],
  ['named', 'a & b', 'a & b'],
  ['numeric', 'Pat <b> & co', 'Pat &#60;b&#62; &#38; co'],
  ['raw', 'Pat <b> &lt; & co', 'Pat <b> &lt; & co'],
]

describe('text of a host', () => {
  test.each(CASES)('%s: %s is stored as %s, and read back', (kind, typed, stored) => {
    const { encode, decode } = createHostText(kind)
    expect(encode(typed)).toBe(stored)
    expect(decode(stored)).toBe(typed)
  })

  test('knows no other entity: what the host never writes was typed so', () => {
    const { decode } = createHostText('named')
    expect(decode('&amp; &quot; &#60; &LT;')).toBe('&amp; &quot; &#60; &LT;')
  })

  test('is decoded once, not until nothing is left', () => {
    expect(createHostText('numeric').decode('&#38;#60;')).toBe('&#60;')
  })

  test.each<HostText>(['numeric', 'raw'])('%s: every text comes back as it was typed', (kind) => {
    const { encode, decode } = createHostText(kind)
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (typed) => decode(encode(typed)) === typed))
  })

  test('named: every text comes back that does not itself spell an entity of the host', () => {
    const { encode, decode } = createHostText('named')
    const typed = fc.string({ unit: 'grapheme' }).filter((text) => !/&[lg]t;/.test(text))
    fc.assert(fc.property(typed, (text) => decode(encode(text)) === text))
  })
})
