import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demandSeen, seenIn, versionTag } from './version-tag.ts'

test('the same state has the same tag, another state another', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
      expect(versionTag(one)).toMatch(/^"[0-9a-f]{32}"$/)
      expect(versionTag(one) === versionTag(other)).toBe(JSON.stringify(one) === JSON.stringify(other))
    }),
  )
})

const TAG = versionTag(['1234567'])
const OTHER = versionTag(['7654321'])

describe('If-Match', () => {
  test.each([
    ['the tag', TAG],
    ['several tags', `${OTHER}, ${TAG}`],
    ['several tags without spaces', `${OTHER},${TAG}`],
    ['a tag that a proxy weakened', `W/${TAG}`],
    ['anything', '*'],
    ['anything, with spaces', ' * '],
  ])('with %s lets the change pass', (_, header) => {
    expect(() => demandSeen(seenIn(header), TAG)).not.toThrow()
  })

  test.each([
    ['another tag', OTHER],
    ['a tag without its quotes', TAG.slice(1, -1)],
    ['a weak tag of another state', `W/${OTHER}`],
    ['nonsense', 'W/'],
  ])('with %s tells of the change', (_, header) => {
    expect(() => demandSeen(seenIn(header), TAG)).toThrow(
      expect.objectContaining({ code: 'changed-meanwhile' }),
    )
  })

  test.each([[undefined], [''], ['  ']])('is asked for where it says nothing: %j', (header) => {
    expect(() => seenIn(header)).toThrow(expect.objectContaining({ code: 'precondition-required' }))
  })
})
