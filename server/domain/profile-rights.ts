import type { ProfileRights } from '../../contract/profiles.ts'
import { AppError } from './errors.ts'
import { has, READ, UPDATE } from './rights.ts'

/** The two rights of ours as a profile's rows hold them, in the host's bits. */
export interface StoredRights {
  config: number
  access: number
}

export function rightsOf({ config, access }: StoredRights): ProfileRights {
  return {
    config: { update: has(config, UPDATE) },
    access: { read: has(access, READ), update: has(access, UPDATE) },
  }
}

/** The same bits with these rights given or taken; bits that mean nothing to us stay. Throws `value-refused`. */
export function withRights(stored: StoredRights, rights: ProfileRights): StoredRights {
  if (rights.access.update && !rights.access.read) {
    throw new AppError('value-refused', {
      field: 'access.update',
      detail: 'it gives nothing without access.read',
    })
  }
  const set = (bits: number, bit: number, given: boolean): number => (given ? bits | bit : bits & ~bit)
  return {
    config: set(stored.config, UPDATE, rights.config.update),
    access: set(set(stored.access, READ, rights.access.read), UPDATE, rights.access.update),
  }
}
