import { type Static, Type } from 'typebox'
import { id, orNull, TIME } from './fields.ts'
import { pageOf, pageQuery } from './paging.ts'

const named = (description: string) =>
  Type.Object({ id: Type.Integer(), name: Type.String() }, { description })

const time = (what: string) => orNull(TIME, `When it was ${what}; null where that is unknown`)

const TicketType = Type.Union([Type.Literal('incident'), Type.Literal('request')], {
  description: 'Whether something is broken or something is asked for',
})

const TicketStatus = Type.Union(
  [
    Type.Literal('new'),
    Type.Literal('assigned'),
    Type.Literal('planned'),
    Type.Literal('pending'),
    Type.Literal('solved'),
    Type.Literal('closed'),
    Type.Literal('other', { description: "A status that the helpdesk's administrator has added" }),
  ],
  { description: 'How far it is; whatever is neither solved nor closed is open' },
)

const level = (what: string) => Type.Integer({ description: `${what}, 1 (very low) to 5 (very high)` })

const SUMMARY = {
  id: Type.Integer(),
  title: Type.String({ description: 'The title' }),
  type: TicketType,
  status: TicketStatus,
  urgency: level('How urgent it is for the requester'),
  impact: level('How much it touches'),
  priority: Type.Integer({ description: 'What follows from both, 1 (very low) to 6 (major)' }),
  category: Type.Union(
    [
      Type.Object({
        id: Type.Integer(),
        name: Type.String(),
        path: Type.String({ description: 'The category with those above it, parted by ` > `' }),
      }),
      Type.Null(),
    ],
    { description: 'Its category; null for none' },
  ),
  entity: named('The entity that it belongs to'),
  openedAt: time('opened'),
  changedAt: time('last changed'),
  technicians: Type.Array(named('A technician'), {
    description: 'Who is assigned to it, by id, at most 100',
  }),
  groups: Type.Array(named('A group'), {
    description: 'Which groups are assigned to it, by id, at most 100',
  }),
}

/** A ticket as lists show it. */
export const TicketSummary = Type.Object(SUMMARY, { title: 'TicketSummary' })
export type TicketSummary = Static<typeof TicketSummary>

export const Followup = Type.Object(
  {
    id: Type.Integer(),
    content: Type.String({ description: 'The text, as the helpdesk stores it' }),
    private: Type.Boolean({ description: 'Whether it is kept from the requester' }),
    author: orNull(named('Who wrote it'), 'Who wrote it; null for somebody who is gone'),
    createdAt: time('written'),
  },
  { title: 'Followup' },
)
export type Followup = Static<typeof Followup>

export const FollowupPage = pageOf(Followup, 'FollowupPage', 'Followups, newest first')
export type FollowupPage = Static<typeof FollowupPage>

/** A ticket without its followups, which are a list of their own. */
const DETAILS = {
  ...SUMMARY,
  description: Type.String({
    description: 'The description as the helpdesk stores it: as typed, or HTML beside an ITSM-NG',
  }),
  source: Type.String({ description: 'How it came in, such as `Phone`; empty when unknown' }),
  author: orNull(named('Who typed it in'), 'Who typed it in; null for somebody who is gone'),
  requesters: Type.Array(named('A requester'), { description: 'Whom it is for' }),
}

const TicketDetails = Type.Object(DETAILS)
export type TicketDetails = Static<typeof TicketDetails>

export const Ticket = Type.Object({ ...DETAILS, followups: FollowupPage }, { title: 'Ticket' })
export type Ticket = Static<typeof Ticket>

export const TicketCounts = Type.Object(
  {
    open: Type.Integer({ description: 'Neither solved nor closed' }),
    new: Type.Integer({ description: 'New' }),
    assigned: Type.Integer({ description: 'Being worked on' }),
    planned: Type.Integer({ description: 'Being worked on, at a time that is planned' }),
    pending: Type.Integer({ description: 'Waiting for something' }),
    solved: Type.Integer({ description: 'Solved, and not yet closed' }),
    closed: Type.Integer({ description: 'Closed' }),
    complete: Type.Boolean({
      description:
        'False for a person of more than 10,000 tickets: only the newest 10,000 are counted and listed',
    }),
  },
  {
    title: 'TicketCounts',
    description: 'How many tickets there are of each status, whichever of them are listed',
  },
)
export type TicketCounts = Static<typeof TicketCounts>

export const TicketPage = Type.Object(
  {
    ...pageOf(TicketSummary, 'TicketPage', 'Tickets').properties,
    counts: TicketCounts,
  },
  { title: 'TicketPage', description: 'Tickets of a person, and how many there are of each status' },
)
export type TicketPage = Static<typeof TicketPage>

const TicketSort = Type.Union(
  [
    Type.Literal('open'),
    Type.Literal('changedAt'),
    Type.Literal('-changedAt'),
    Type.Literal('openedAt'),
    Type.Literal('-openedAt'),
    Type.Literal('priority'),
    Type.Literal('-priority'),
  ],
  {
    default: 'open',
    description:
      'In which order: what is open first and then the newest (`open`, when missing), or by one property, with `-` from the highest down',
  },
)
export type TicketSort = Static<typeof TicketSort>

const StatusFilter = Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('all')], {
  default: 'all',
  description: 'Only tickets that are open, or only those that are solved or closed; all when missing',
})
export type StatusFilter = Static<typeof StatusFilter>

export const UserTicketsQuery = pageQuery({
  status: Type.Optional(StatusFilter),
  sort: Type.Optional(TicketSort),
})

export const FollowupParams = Type.Object({
  id: id('The id of the ticket'),
  followupId: id('The id of the followup'),
})

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[!-~]+$',
      description:
        'Makes a repetition of the request safe: with the same key and body nothing is made again within 24 hours, and the answer is the same',
    }),
  ),
})

export const NewTicket = Type.Object(
  {
    requesterId: id('The caller, for whom the ticket is'),
    title: Type.String({ minLength: 1, maxLength: 255, description: 'The title, on one line' }),
    description: Type.String({ description: 'What it is about, at most 65,535 bytes' }),
    type: TicketType,
    categoryId: Type.Optional(
      id('A category of this type, seen from the entity of the ticket; none when missing'),
    ),
    urgency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 5,
        default: 3,
        description: 'How urgent it is for the caller, 1 (very low) to 5 (very high); 3 when missing',
      }),
    ),
    entityId: Type.Optional(
      id(
        "Where the ticket goes; when missing, the first of the caller's entities that lies in your scope, else your active one",
      ),
    ),
  },
  { title: 'NewTicket', additionalProperties: false },
)

export const NewFollowup = Type.Object(
  {
    content: Type.String({ minLength: 1, description: 'The text, at most 65,535 bytes' }),
    private: Type.Boolean({ description: 'Whether it is kept from the requester' }),
  },
  { title: 'NewFollowup', additionalProperties: false },
)
