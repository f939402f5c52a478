import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

type Lock = { packages: Record<string, { optionalDependencies?: Record<string, string> }> }

test('package-lock.json knows the binary packages of every platform (else: node scripts/complete-lock.mjs)', () => {
  const file = join(import.meta.dirname, '..', 'package-lock.json')
  const { packages }: Lock = JSON.parse(readFileSync(file, 'utf8'))
  const wanted = Object.values(packages).flatMap((owner) => Object.keys(owner.optionalDependencies ?? {}))
  expect(wanted.filter((name) => !packages[`node_modules/${name}`])).toEqual([])
})
