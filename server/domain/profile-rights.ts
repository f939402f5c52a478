import type { ProfileRights } from '../../contract/profiles.ts'
import { AppError } from './errors.ts'
import { READ, UPDATE } from './rights.ts'

/** The two rights of ours as a profile's rows hold them, in the host's bits. */
export interface StoredRights {
  config: number
  access: number
}

export function rightsOf({ config, access }: StoredRights): ProfileRights {
  return {
    configUpdate: (config & UPDATE) !== 0,
    accessRead: (access & READ) !== 0,
    accessUpdate: (access & UPDATE) !== 0,
  }
}

/** The same bits with these rights given or taken; bits that mean nothing to us stay. Throws `value-refused`. */
export function withRights(stored: StoredRights, rights: ProfileRights): StoredRights {
  if (rights.accessUpdate && !rights.accessRead) {
    throw new AppError('value-refused', {
      field: 'accessUpdate',
      detail: 'it gives nothing without accessRead',
    })
  }
  const set = (bits: number, bit: number, given: boolean): number => (given ? bits | bit : bits & ~bit)
  return {
    config: set(stored.config, UPDATE, rights.configUpdate),
    access: set(set(stored.access, READ, rights.accessRead), UPDATE, rights.accessUpdate),
  }
}
