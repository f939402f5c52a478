import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { INSTALL_FILE, renderInstall } from './install-grants.ts'

test('docs/install.md tells the privileges of today (npm run docs)', () => {
  const text = readFileSync(INSTALL_FILE, 'utf8')
  expect(renderInstall(text)).toBe(text)
  expect(text).not.toMatch(/`(password|api_token|personal_token|cookie_token)`/)
})
