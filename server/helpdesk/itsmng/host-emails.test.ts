import { expect, test } from 'vitest'
import { changesEmails, emailSteps } from './host-emails.ts'

const row = (id: number, email: string, is_default = 0) => ({ id, email, is_default })
const steps = (more: object = {}) => ({ add: [], prefer: null, remove: [], ...more })

test.each([
  ['none stays none', [], [], steps()],
  ['one is added, and is the default', [], ['a@x'], steps({ add: [{ email: 'a@x', isDefault: true }] })],
  ['nothing changes', [row(7, 'a@x', 1)], ['a@x'], steps()],
  ['the only one becomes the default', [row(7, 'a@x')], ['a@x'], steps({ prefer: 7 })],
  ['all go', [row(7, 'a@x', 1)], [], steps({ remove: [7] })],
  ['the default changes', [row(7, 'a@x', 1), row(8, 'b@x')], ['b@x', 'a@x'], steps({ prefer: 8 })],
  [
    'one goes, one stays, one comes and is first',
    [row(7, 'a@x', 1), row(8, 'b@x')],
    ['c@x', 'b@x'],
    steps({ add: [{ email: 'c@x', isDefault: true }], remove: [7] }),
  ],
])('addresses, step by step: %s', (what, before, after, expected) => {
  expect(emailSteps(before, after)).toEqual(expected)
  expect(changesEmails(emailSteps(before, after))).toBe(!/nothing|stays none/.test(what))
})
