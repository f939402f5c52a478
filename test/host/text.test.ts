import { expect, test } from 'vitest'
import { friendlyName, sanitiserOf } from './text.ts'

test.each([
  ['9.5.7', 'a &lt;b&gt; & "c"'],
  ['10.0.18', 'a &#60;b&#62; &#38; "c"'],
  ['11.0.2', 'a <b> & "c"'],
])('GLPI %s stores text as %s', (version, stored) => {
  expect(sanitiserOf(version)('a <b> & "c"')).toBe(stored)
})

test.each([
  ['Durand', 'Bob', 'Durand Bob'],
  ['Durand', '', 'Durand'],
  ['', 'Bob', 'bob'],
])('%s %s is called %s', (realname, firstname, shown) => {
  expect(friendlyName({ name: 'bob', realname, firstname })).toBe(shown)
})
