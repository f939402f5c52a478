import { expect, test } from 'vitest'
import { emailInput } from './host-emails.ts'

const row = (id: number, email: string, is_default = 0) => ({ id, email, is_default })

test.each([
  ['none stays none', [], [], {}],
  ['one is added', [], ['a@x'], { _useremails: { '-1': 'a@x' }, _default_email: '-1' }],
  ['nothing changes', [row(7, 'a@x', 1)], ['a@x'], {}],
  [
    'the only one becomes the default',
    [row(7, 'a@x')],
    ['a@x'],
    { _useremails: { 7: 'a@x' }, _default_email: '7' },
  ],
  ['all go', [row(7, 'a@x', 1)], [], { _useremails: { 7: '' } }],
  [
    'the default changes',
    [row(7, 'a@x', 1), row(8, 'b@x')],
    ['b@x', 'a@x'],
    { _useremails: { 7: 'a@x', 8: 'b@x' }, _default_email: '8' },
  ],
  [
    'one goes, one stays, one comes and is first',
    [row(7, 'a@x', 1), row(8, 'b@x')],
    ['c@x', 'b@x'],
    { _useremails: { 7: '', 8: 'b@x', '-1': 'c@x' }, _default_email: '-1' },
  ],
])('addresses as the host takes them: %s', (_what, before, after, expected) => {
  expect(emailInput(before, after)).toEqual(expected)
})
