import type { Kysely } from 'kysely'
import type { Page, PageQuery } from '../../contract/paging.ts'
import type { EntityChange, LocationChange, NewEntity, NewLocation } from '../../contract/places.ts'
import type { Profile, ProfileRights } from '../../contract/profiles.ts'
import type { SessionChange } from '../../contract/session.ts'
import type { HeldProfile } from '../../contract/users.ts'
import type { EntityTree, Scope } from '../domain/entities.ts'
import type { Rights } from '../domain/rights.ts'
import type { Seen } from '../domain/version-tag.ts'
import type { Tables } from '../storage/tables.ts'

/**
 * What Call Manager needs of a helpdesk. Written against ITSM-NG's REST API and tables (docs/adr/0004 goes through it
 * line by line); the embedded helpdesk is its smaller implementation. Nothing outside this folder asks which one it is.
 *
 * Failures are `AppError`s: `session-invalid`, `client-refused`, `account-unusable`, `right-missing`, `helpdesk-ill`, …
 */
export interface Helpdesk {
  /** What it is, and its version when the server was started. */
  product: { name: string; version: string }
  /**
   * Checks the API-client rows (`glpi_apiclients`) for a caller that presents a session token: its address lies in an
   * active client's range, and its App-Token is that client's. Throws `client-refused`.
   */
  admitClient(caller: Caller): Promise<void>
  /**
   * Who a session token belongs to, with the rights and scope of this moment: the account and the active profile are
   * read live, so that a withdrawal works at once. `use` tells what for, reading where it is missing. Throws
   * `session-invalid`, `account-unusable` or what ails the host.
   */
  agent(token: string, caller: Caller, use?: SessionUse): Promise<Agent>
  /**
   * Who began a work that outlives their request, with the rights and scope of this moment, so that a withdrawal ends it.
   * Throws `account-unusable`.
   */
  starter(starter: Starter): Promise<Agent>
  /** What there is to tell of this agent's session. */
  describe(agent: Agent): Promise<SessionDescription>
  /** Stored text as its author typed it: hosts before GLPI 11 store `<` and `>` as entities. */
  decodeText(stored: string): string
  /** The text of a ticket or followup, which hosts keep as HTML, as plain text. */
  decodeContent(stored: string): string
  /** Text as the helpdesk stores it, for what we write into tables that its pages show. */
  encodeText(typed: string): string
  /** The entity tree, at most a second old. */
  entityTree(): Promise<EntityTree>
  users: UserWrites & {
    /**
     * The same within a transaction of the caller's, where users are written by SQL: for many at once, or together with
     * what we keep of them ourselves. A refusal has written nothing, so the transaction can go on with the next.
     */
    within?(tx: Kysely<Tables>): UserWrites
  }
  /** Writing many users at once, where the tables are ours; a host takes them one by one. */
  bulk?: BulkUsers
  /** Passwords, profiles and the bin, where the helpdesk keeps the accounts itself. */
  accounts?: Accounts
  /** Entities and locations, where they are kept here. */
  places?: PlaceWrites
  profiles: {
    /** A page of all profiles, by id, with the rights of ours. */
    list(query: PageQuery): Promise<Page<Profile>>
    /** One of them, and the tag that names the state of its rights. Throws `profile-unknown`. */
    read(id: number): Promise<{ profile: Profile; tag: string }>
    /** Gives and takes rights of ours as this agent. Throws `changed-meanwhile`, `value-refused` or `last-administrator`. */
    setRights(agent: Agent, id: number, rights: ProfileRights, seen: Seen): Promise<void>
  }
  tickets: {
    /** Opens a ticket as this agent, with the caller as its requester; with `once`, a repetition answers the first. */
    create(agent: Agent, ticket: NewTicket, once?: Once): Promise<Made>
    /** Adds a followup to a ticket as this agent; with `once`, a repetition answers the first. */
    addFollowup(agent: Agent, followup: NewFollowup, once?: Once): Promise<Made>
  }
  /** Logging in and out, where the helpdesk keeps the accounts itself; a host that has its own does it itself. */
  logins?: Logins
  /** How a host's REST API last answered; one that keeps everything in our database has none. */
  restHealth?(): RestHealth
  /** What is to be done now and then, such as forgetting ended sessions. */
  housekeep?(): Promise<void>
}

export interface RestHealth {
  state: 'ok' | 'ill' | 'unknown'
  /** What ails it, as a value of our table says it. */
  reason?: string
}

/**
 * What a session is shown for. A write asks that the helpdesk confirms it now; reading goes on for a while where the
 * helpdesk cannot. To watch (an open page or stream) keeps a session alive, but not for ever.
 */
export type SessionUse = 'read' | 'write' | 'watch'

/** Where a request comes from. */
export interface Caller {
  /** The address of the telephone system or browser, a trusted proxy's word included. */
  address: string
  /** Whether the request carries any forwarding header, trusted or not. */
  forwarded: boolean
  /** The App-Token header, where one was sent. */
  appToken: string | undefined
}

/** The person who asks, as of now. */
export interface Agent {
  id: number
  /** As the host writes it into its history. */
  name: string
  /** Names the session without telling its token. */
  sessionKey: string
  profileId: number
  rights: Rights
  scope: Scope
  /** The active entity: where a new ticket goes when the caller's own entities leave a choice. */
  entityId: number
  /** Whether those below it are active too. */
  isRecursive: boolean
  /** Who is really behind this session under impersonation; null otherwise. */
  impersonatorId: number | null
}

/** What is kept of an agent whose work goes on after the request. */
export interface Starter {
  usersId: number
  profileId: number
  /** The active entities; `all` of those that the profile gives, where the agent saw every one there is. */
  entities: 'all' | number[]
}

/** Writes in a transaction of the caller's, who has checked rights, scope, places and values. */
export interface BulkUsers {
  /** Creates users with the default profile; answers their ids in order, null where the login is in use. */
  create(tx: Kysely<Tables>, users: readonly BulkUser[], author: string): Promise<(number | null)[]>
  /** Changes what gives nobody power over an account; the rest is changed one by one, by {@link UserWrites}. */
  change(tx: Kysely<Tables>, changes: readonly BulkChange[], author: string): Promise<void>
}

export type BulkText = 'lastname' | 'firstname' | 'phone' | 'phone2' | 'mobile' | 'registrationNumber'

export interface BulkUser extends Partial<Record<BulkText, string>> {
  login: string
  email?: string
  entityId: number
  locationId: number
  enabled: boolean
}

/** What changes of a user, with what stands there. */
export interface BulkChange {
  usersId: number
  texts: { field: BulkText; from: string; to: string }[]
  entity?: {
    from: NamedPlace
    to: NamedPlace
    /** Whether the memberships of the default profile in the old entity move along. */
    moves: boolean
  }
  location?: { from: NamedPlace; to: NamedPlace }
}

interface NamedPlace {
  id: number
  /** For the history. */
  path: string
}

interface UserWrites {
  /** Creates a user as this agent; answers the new id. Throws `value-refused` or `conflict`. */
  create(agent: Agent, user: NewUser): Promise<number>
  /**
   * Changes a user as this agent; a field that is not named stays. `guard` sees the user as it stands and may throw: in
   * the transaction that writes, or just before where there is none. Throws `directory-owned`, `value-refused` or
   * `conflict`.
   */
  update(agent: Agent, usersId: number, change: UserChange, guard?: UserGuard): Promise<void>
}

/** A user about to be changed, as typed. */
export interface GuardedUser {
  login: string
  registrationNumber: string
  authtype: number
  /** Names this state of the user, as the ETag of their page does. */
  tag: string
}

export type UserGuard = (db: Kysely<Tables>, user: GuardedUser) => Promise<void>

/** What can be said of a user; the RIO is one of the columns in two of the three storage methods. */
interface UserFields {
  lastname?: string
  firstname?: string
  phone?: string
  phone2?: string
  mobile?: string
  registrationNumber?: string
  /** All addresses, the default one first. */
  emails?: readonly string[]
  locationId?: number | null
  language?: string
  enabled?: boolean
  /** RFC 3339; null for ever. */
  beginDate?: string | null
  endDate?: string | null
}

export interface NewUser extends UserFields {
  login: string
  /** The default entity; must lie in the agent's scope. */
  entityId: number
  /** The default profile in the default entity when missing. */
  profiles?: readonly HeldProfile[]
  /** As {@link Accounts.hashPassword} gave it. */
  passwordHash?: string
}

export interface UserChange extends UserFields {
  login?: string
  entityId?: number
  /** Takes the user out of the bin. */
  deleted?: false
}

/** What only a helpdesk that keeps its accounts itself can do to them. */
export interface Accounts {
  /** Throws `value-refused` for a password that is too short or too long. */
  hashPassword(password: string): Promise<string>
  /** Sets a password and ends the user's other sessions. */
  setPassword(agent: Agent, caller: Caller, usersId: number, password: string): Promise<void>
  /** Makes these the profiles that the user holds within the agent's scope; what is held elsewhere stays. */
  setProfiles(agent: Agent, usersId: number, profiles: readonly HeldProfile[], seen?: Seen): Promise<void>
  /** Puts a user into the bin. */
  bin(agent: Agent, caller: Caller, usersId: number): Promise<void>
  /** Removes a user for good. */
  purge(agent: Agent, caller: Caller, usersId: number): Promise<void>
}

/** Entities and locations are written as this agent. Throws `value-refused`, `conflict`, `in-use` or `changed-meanwhile`. */
export interface PlaceWrites {
  entities: TreeWrites<NewEntity, EntityChange>
  locations: TreeWrites<NewLocation, LocationChange>
}

interface TreeWrites<New, Change> {
  /** Answers the new id. */
  create(agent: Agent, place: New): Promise<number>
  /** A field that is not named stays; whoever is below moves along. */
  change(agent: Agent, id: number, change: Change, seen: Seen): Promise<void>
  /** Removes a place that nothing uses. */
  remove(agent: Agent, id: number): Promise<void>
}

export interface NewTicket {
  requesterId: number
  title: string
  /** Plain text; the implementation encodes it as its host stores it. */
  description: string
  type: 'incident' | 'request'
  /** 1 (very low) to 5 (very high). */
  urgency: number
  /** 0 for none. */
  categoryId: number
  /** Where the ticket goes; chosen from the requester's entities and the agent's scope when missing. */
  entityId?: number
}

export interface NewFollowup {
  ticketId: number
  content: string
  isPrivate: boolean
}

/** A request that its sender may repeat, and that is to be done once. */
export interface Once {
  /** What the sender calls it, among their own. */
  key: string
  /** Tells it from another request under the same key. */
  hash: string
}

export interface Made {
  id: number
  /** Whether an earlier request under the same key made it. */
  replayed: boolean
}

/** A helpdesk that keeps its own accounts. */
export interface Logins {
  /** Opens a session by login and password; answers its token. Throws `login-failed`. */
  byPassword(login: string, password: string, caller: Caller): Promise<string>
  /** Opens a session by a user's API token; answers its token. Throws `login-failed`. */
  byUserToken(userToken: string, caller: Caller): Promise<string>
  /** Ends a session. Throws `session-invalid`. */
  end(token: string): Promise<void>
  /** Makes another profile or entity the active one of a session, or changes its owner's language. Throws `value-refused`. */
  change(token: string, change: SessionChange): Promise<void>
  /** Whether anyone can log in at all; a new store has no accounts. */
  hasAccounts(): Promise<boolean>
  /** A one-time code that makes the first account, valid for 30 minutes; a new one replaces the last. */
  newSetupCode(): Promise<string>
  /** Makes the first Super-Admin; the code is used up. Throws `setup-refused` or `value-refused`. */
  setUp(code: string, account: NewAccount): Promise<void>
  /** Adds an account by name of profile, as the operator of the machine. Throws `value-refused` or `conflict`. */
  addAccount(account: NewAccount, profileName: string): Promise<number>
}

export interface NewAccount {
  login: string
  password: string
}

/** A session, with what its owner may choose among. */
export interface SessionDescription {
  user: {
    id: number
    login: string
    lastname: string | null
    firstname: string | null
    entityId: number
    authtype: number
  }
  language: string
  profile: { id: number; name: string; interface: string; isDefault: number; rights: Record<string, number> }
  /** Every profile held, with its entities. */
  profiles: { id: number; name: string; entities: { id: number; name: string; isRecursive: number }[] }[]
  activeEntities: number[]
  parentEntities: number[]
  entity: { id: number; name: string; completename: string; isRecursive: boolean }
  showsAllEntities: boolean
}
