import { AppError } from './errors.ts'

/** The host's right bits (host-contract §2), as far as we test them. */
export const READ = 1
export const UPDATE = 2
export const CREATE = 4
export const DELETE = 8
export const PURGE = 16

const BIT_NAMES = { [UPDATE]: 'UPDATE', [CREATE]: 'CREATE', [DELETE]: 'DELETE', [PURGE]: 'PURGE' } as const
export type WriteBit = keyof typeof BIT_NAMES

/** Rights by name, in the host's bits; a missing one is 0. */
export interface Rights {
  /** `plugin_callmanager_access`: READ looks up, UPDATE also writes RIOs. */
  access: number
  /** `plugin_callmanager_config`: UPDATE changes settings. */
  config: number
  /** `user`, the host's own. */
  user: number
  /** `ticket`, the host's own. */
  ticket: number
  /** `followup`, the host's own. */
  followup: number
}

/** The names of the rights in `glpi_profilerights`. */
export const RIGHT_NAMES = {
  access: 'plugin_callmanager_access',
  config: 'plugin_callmanager_config',
  user: 'user',
  ticket: 'ticket',
  followup: 'followup',
} as const satisfies Record<keyof Rights, string>

export const NO_RIGHTS: Rights = { access: 0, config: 0, user: 0, ticket: 0, followup: 0 }

/** Throws `right-missing` with the sentence that one of the functions below gave, if any. */
export function demandRight(missing: string | null): void {
  if (missing !== null) throw new AppError('right-missing', { detail: missing })
}

/** Whether rights hold this bit, or all of these. */
export function has(rights: number, bit: number): boolean {
  return (rights & bit) === bit
}

/**
 * What stands between these rights and reading our API, as a sentence; null when nothing does. UPDATE without READ gives
 * nothing, as in the host.
 */
export function missingForAccess(rights: Rights): string | null {
  return has(rights.access, READ) ? null : lacksReadOn('access')
}

/** Which rights stand between these and looking a caller up, all of them; it also shows a user of the host's. */
export function lackingForLookup(rights: Rights): (keyof Rights)[] {
  return (['access', 'user'] as const).filter((name) => !has(rights[name], READ))
}

/** The first of them as a sentence. */
export function missingForLookup(rights: Rights): string | null {
  const [first] = lackingForLookup(rights)
  return first === undefined ? null : lacksReadOn(first)
}

const lacksReadOn = (name: keyof Rights): string => `the profile lacks READ on ${RIGHT_NAMES[name]}`

/** The same for writing users: the host's own right decides, on top of ours. */
export function missingForUserWrite(rights: Rights, bit: WriteBit): string | null {
  if (!has(rights.access, READ | UPDATE))
    return 'the profile lacks READ and UPDATE on plugin_callmanager_access'
  return has(rights.user, bit) ? null : `the profile lacks ${BIT_NAMES[bit]} on user`
}

/** The same for a right of the host's that is read by its name only where it is needed. */
export function missingBit(name: string, bits: number | undefined, bit: WriteBit): string | null {
  return has(bits ?? 0, bit) ? null : `the profile lacks ${BIT_NAMES[bit]} on ${name}`
}

/** A profile with every right that it gives, by the name of the right. */
export interface ProfileRights {
  /** `central` or `helpdesk`. */
  interface: string
  bits: ReadonlyMap<string, number>
}

/**
 * Does whoever acts by the first profile have every right of the second, bit by bit? The host's rule (host-contract §2):
 * nobody hands out, or takes over, more than they have. What a helpdesk-interface profile gives is less than any
 * central one, whatever its bits say.
 */
export function dominates(mine: ProfileRights, theirs: ProfileRights): boolean {
  if (mine.interface !== theirs.interface) return mine.interface === 'central'
  return [...theirs.bits].every(([name, bits]) => has(mine.bits.get(name) ?? 0, bits))
}

/** The same for settings, rights, imports and statistics. */
export function missingForConfig(rights: Rights): string | null {
  return has(rights.config, UPDATE) ? null : 'the profile lacks UPDATE on plugin_callmanager_config'
}

/** Bits of `ticket`, as far as they decide who sees one. */
export const TICKET = {
  readMine: READ,
  readAll: 1024,
  readGroup: 2048,
  readAssigned: 4096,
  /** Assigning tickets, and so seeing the new ones. */
  assign: 8192,
  /** Being assigned to tickets. */
  own: 32_768,
} as const

/** Bits of `ticketvalidation`: approving requests or incidents. */
export const VALIDATE = 4096 | 8192

/** The same for seeing tickets at all; which ones, visibility decides. `validation` is the right `ticketvalidation`. */
export function missingForTicketRead(rights: Rights, validation = 0): string | null {
  const missing = missingForAccess(rights)
  if (missing !== null) return missing
  const { readMine, readAll, readGroup, readAssigned, own } = TICKET
  const seesSome = (rights.ticket & (readMine | readAll | readGroup | readAssigned | own)) !== 0
  if (seesSome || (validation & VALIDATE) !== 0) return null
  return 'the profile may see no ticket (READ on ticket)'
}

/** The same for opening a ticket. */
export function missingForTicketCreate(rights: Rights): string | null {
  const missing = missingForAccess(rights)
  if (missing !== null) return missing
  return has(rights.ticket, CREATE) ? null : 'the profile lacks CREATE on ticket'
}

/** Bits of `followup`. `addToAssigned` came with ITSM-NG 2.1.3. */
export const FOLLOWUP = {
  seePublic: 1,
  addToMine: 4,
  addToGroup: 2048,
  addToAll: 4096,
  seePrivate: 8192,
  addToAssigned: 16_384,
} as const

/** The same for adding followups at all; to which tickets, `canAddFollowup` decides. */
export function missingForFollowup(rights: Rights, isPrivate: boolean): string | null {
  const missing = missingForAccess(rights)
  if (missing !== null) return missing
  const { addToMine, addToGroup, addToAll, addToAssigned } = FOLLOWUP
  if ((rights.followup & (addToMine | addToGroup | addToAll | addToAssigned)) === 0)
    return 'the profile may add followups to no ticket (CREATE on followup)'
  if (isPrivate && !has(rights.followup, FOLLOWUP.seePrivate))
    return 'the profile lacks "see private" on followup'
  return null
}
