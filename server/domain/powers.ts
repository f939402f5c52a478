import type { Session } from '../../contract/session.ts'
import {
  CREATE,
  DELETE,
  lackingForLookup,
  missingBit,
  missingForAccess,
  missingForConfig,
  missingForFollowup,
  missingForLookup,
  missingForTicketCreate,
  missingForTicketRead,
  missingForUserWrite,
  PURGE,
  RIGHT_NAMES,
  type Rights,
  UPDATE,
  type WriteBit,
} from './rights.ts'

/** What somebody is allowed, and what is done here at all rather than in the helpdesk. */
export interface Standing {
  rights: Rights
  /** Every right that the active profile gives, by its name. */
  profile: Readonly<Record<string, number>>
  keepsAccounts: boolean
  keepsPlaces: boolean
}

/** What pages offer, by the very functions that the routes demand. */
export function powersOf({ rights, profile, keepsAccounts, keepsPlaces }: Standing): Session['can'] {
  // Whoever adds to a ticket sees it.
  const followup = (isPrivate: boolean) =>
    missingForTicketRead(rights, profile.ticketvalidation) ?? missingForFollowup(rights, isPrivate)
  const mayEntity = (bit: WriteBit) =>
    keepsPlaces && (missingForAccess(rights) ?? missingBit('entity', profile.entity, bit)) === null
  return {
    lookUp: missingForLookup(rights) === null,
    writeRio: missingForUserWrite(rights, UPDATE) === null,
    createUsers: missingForUserWrite(rights, CREATE) === null,
    editUsers: missingForUserWrite(rights, UPDATE) === null,
    deleteUsers: keepsAccounts && missingForUserWrite(rights, DELETE) === null,
    purgeUsers: keepsAccounts && missingForUserWrite(rights, PURGE) === null,
    createEntities: mayEntity(CREATE),
    editEntities: mayEntity(UPDATE),
    readTickets: missingForTicketRead(rights, profile.ticketvalidation) === null,
    createTickets: missingForTicketCreate(rights) === null,
    addFollowups: followup(false) === null,
    addPrivateFollowups: followup(true) === null,
    configure: missingForConfig(rights) === null,
  }
}

/** What the helpdesk's page of a profile calls the rights that a look-up needs. */
const LABELS: Partial<Record<keyof Rights, string>> = {
  access: 'Access to CallManager API/UI',
  user: 'Users',
}

/** What keeps somebody from the desk, for who asks an administrator for it. */
export function missingForDesk(rights: Rights): Session['missing'] {
  return lackingForLookup(rights).map((name) => ({
    right: RIGHT_NAMES[name],
    name: LABELS[name] ?? name,
    level: 'read',
  }))
}
